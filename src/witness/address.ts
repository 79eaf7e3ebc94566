/** Where a witness is, by the scheme of its address. */
export type WitnessAddress =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "http"; readonly url: URL }
  /** Another repository on the same GitHub, on which the app is installed too. */
  | { readonly kind: "github"; readonly owner: string; readonly name: string };

/** The address in a text, or what is wrong with it, without the text: it may hold a secret. */
export function readWitnessAddress(text: string): WitnessAddress | string {
  const [, owner, name] = /^github:([A-Za-z0-9-]+)\/([A-Za-z0-9._-]+)$/.exec(text) ?? [];
  if (owner !== undefined && name !== undefined) return { kind: "github", owner, name };
  if (text.startsWith("file:///")) {
    const path = decodeURIComponent(URL.parse(text)?.pathname ?? "/");
    return path.endsWith("/") ? "names no file" : { kind: "file", path };
  }
  const url = URL.parse(text);
  if (url?.protocol === "https:" || url?.protocol === "http:") {
    if (url.username !== "" || url.password !== "")
      return "has a user name; put a secret into the path or the query";
    const isLocal = url.hostname === "127.0.0.1" || url.hostname === "localhost";
    if (url.protocol === "http:" && !isLocal) return "is not encrypted; use https";
    return { kind: "http", url };
  }
  return "is neither file:///path, https://… nor github:owner/name";
}
