import { type Oid, parseOid } from "../domain/oid.ts";
import { ForgeError } from "../ports/forge.ts";
import { ask, type Limits } from "./http.ts";

/** How a refs request is sent; the same limits as every other request to the Git server. */
export interface RefsRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly prefixes: readonly string[];
  readonly limits: Limits;
}

/**
 * The server's refs below some prefixes, in one request by version 2 of Git's protocol; isomorphic-git asks for one
 * prefix at a time, with two requests each, and a refresh needs three.
 * Source: gitprotocol-v2(5), "ls-refs"; gitprotocol-common(5), "pkt-line Format".
 *
 * @throws ForgeError when the server refuses, or answers something else.
 */
export async function listRefs({
  url,
  headers,
  prefixes,
  limits,
}: RefsRequest): Promise<ReadonlyMap<string, Oid>> {
  const body = [
    packet("command=ls-refs\n"),
    packet("agent=grantbox\n"),
    DELIMITER,
    ...prefixes.map((prefix) => packet(`ref-prefix ${prefix}\n`)),
    FLUSH,
  ].join("");
  const { body: answer } = await ask(
    `${url}/git-upload-pack`,
    {
      method: "POST",
      headers: {
        ...headers,
        "content-type": "application/x-git-upload-pack-request",
        accept: "application/x-git-upload-pack-result",
        "git-protocol": "version=2",
      },
      body,
    },
    limits,
  );
  return new Map(
    packets(answer).flatMap((line): [string, Oid][] => {
      const [name = "", ref = ""] = line.trimEnd().split(" ");
      const tip = parseOid(name);
      return tip === null ? [] : [[ref, tip]];
    }),
  );
}

const DELIMITER = "0001";
const FLUSH = "0000";
const LENGTH_DIGITS = 4;

function packet(line: string): string {
  return `${(Buffer.byteLength(line) + LENGTH_DIGITS).toString(16).padStart(LENGTH_DIGITS, "0")}${line}`;
}

function packets(bytes: Buffer): string[] {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const digits = bytes.toString("latin1", at, at + LENGTH_DIGITS);
    if (digits === FLUSH) return lines;
    const length = /^[0-9a-f]{4}$/.test(digits) ? Number.parseInt(digits, 16) : 0;
    if (length <= LENGTH_DIGITS || at + length > bytes.length) break;
    lines.push(bytes.toString("utf8", at + LENGTH_DIGITS, at + length));
    at += length;
  }
  throw new ForgeError("the Git server did not answer in its protocol");
}

/** Whether a text is the whole name of a ref, and nothing that Git would read as a search or as a path. */
export function isRefName(text: string): boolean {
  return /^(?:HEAD|refs\/[A-Za-z0-9](?:[\w./-]*[\w-])?)$/.test(text) && !text.includes("..");
}
