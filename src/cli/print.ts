/** Prints a long text without holding it whole; false once nobody reads any more (`… | head`). */
export async function print(text: string): Promise<boolean> {
  const { stdout } = process;
  if (!isWatched) {
    isWatched = true;
    stdout.on("error", () => {
      isGone = true;
    });
  }
  if (isGone) return false;
  if (!stdout.write(text)) {
    await new Promise<void>((resolve) => {
      const go = () => {
        stdout.off("drain", go).off("error", go).off("close", go);
        resolve();
      };
      stdout.on("drain", go).on("error", go).on("close", go);
    });
  }
  return !isGone;
}

let isWatched = false;
let isGone = false;
