import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { type Witness, WitnessError } from "../../src/ports/witness.ts";
import { fileWitness } from "../../src/witness/file.ts";
import { httpWitness } from "../../src/witness/http.ts";
import { fileWith } from "../signatures/ssh-keygen.ts";

const NOTE = "grantbox/acme/lockbox\nmore\n\n— grantbox/acme/lockbox AAAA\n";
const about = { repository: "acme/lockbox", at: "20261124T100211Z" };

/** Why a note was not kept. */
async function refusal(witness: Witness): Promise<string> {
  const outcome = await witness.keep(NOTE, about).catch((error: unknown) => error);
  if (!(outcome instanceof WitnessError)) throw new TypeError(`it should have refused: ${outcome}`);
  return outcome.message;
}

describe("a file", () => {
  it("grows by each note, and never loses what it has", async () => {
    const path = fileWith("");
    await fileWitness(path).keep(NOTE, about);
    await fileWitness(path).keep(NOTE, about);
    expect(readFileSync(path, "utf8")).toBe(`${NOTE}\n${NOTE}\n`);
  });

  it("that cannot be written says so", async () => {
    expect(await refusal(fileWitness("/nowhere/notes"))).toBe(
      "the witness file /nowhere/notes cannot be written: ENOENT",
    );
  });
});

describe("an address", () => {
  /** A server that answers like this, and what it was sent. */
  async function server(status: number, headers: Readonly<Record<string, string>> = {}) {
    const received: { method: string; url: string; type: string; repository: string; body: string }[] = [];
    const listening = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk: Buffer) => {
        body += chunk.toString("utf8");
      });
      request.on("end", () => {
        const { method = "", url = "", headers: sent } = request;
        const repository = String(sent["grantbox-repository"]);
        received.push({ method, url, type: sent["content-type"] ?? "", repository, body });
        response.writeHead(status, headers).end("thank you");
      });
    });
    await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void listening.close());
    const { port } = listening.address() as AddressInfo;
    return { url: new URL(`http://127.0.0.1:${port}/notes?token=hush`), received };
  }

  it("is sent the note as it is", async () => {
    const { url, received } = await server(201);
    await httpWitness(url).keep(NOTE, about);
    expect(received).toEqual([
      {
        method: "POST",
        url: "/notes?token=hush",
        type: "text/plain; charset=utf-8",
        repository: "acme/lockbox",
        body: NOTE,
      },
    ]);
  });

  it.each([500, 404, 401, 304])("that answers %i does not keep it", async (status) => {
    const { url } = await server(status);
    expect(await refusal(httpWitness(url))).toBe(`the witness at ${url.origin} answered ${status}`);
  });

  it("that sends elsewhere is not followed", async () => {
    const { url, received } = await server(307, { location: "/other" });
    expect(await refusal(httpWitness(url))).toContain("answered 307");
    expect(received).toHaveLength(1);
  });

  it.each([
    ["that nobody listens at", new TypeError("fetch failed"), "cannot be reached"],
    ["that says nothing", new DOMException("late", "TimeoutError"), "did not answer in time"],
  ])("%s", async (_, error, because) => {
    const witness = httpWitness(new URL("https://witness.example/?token=hush"), async () => {
      throw error;
    });
    expect(await refusal(witness)).toBe(`the witness at https://witness.example ${because}`);
  });

  it("never shows its secret", async () => {
    const { url } = await server(500);
    expect(httpWitness(url).name).not.toContain("hush");
    expect(await refusal(httpWitness(url))).not.toContain("hush");
  });
});
