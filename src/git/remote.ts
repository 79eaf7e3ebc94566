import { type Oid, parseOid } from "../domain/oid.ts";
import { ForgeError } from "../ports/forge.ts";
import { exchange, type Patience, placeOf, UnusableAnswer } from "./http.ts";
import { DELIMITER, FLUSH, type Packet, packetOf, packetsIn, textOf } from "./pkt-line.ts";

/** Who the app is towards the Git server; a GitHub App says `x-access-token` and its installation token. */
export interface Credentials {
  readonly username: string;
  readonly password: string;
}

export interface RemoteOptions {
  /** `https://host/owner/repository.git`; credentials in it are not used. */
  readonly url: string;
  readonly authenticate: () => Promise<Credentials>;
  readonly patience: Patience;
  /** Longest pack that is taken, in bytes. */
  readonly packLimit: number;
  readonly signal: AbortSignal;
  readonly fetch: typeof fetch;
}

/**
 * A repository on a Git server, read by protocol version 2 over smart HTTP: the server lists only the refs asked
 * for (version 1 lists every pull request there ever was) and one answer carries the objects of any number of them.
 * Source: gitprotocol-v2(5), gitprotocol-http(5). Every failure is a `ForgeError`.
 */
export interface Remote {
  /** The refs whose names begin with one of the prefixes. */
  refs(prefixes: readonly string[]): Promise<ReadonlyMap<string, Oid>>;
  /** A pack of what `wants` reach and `haves` do not; thin when there are haves. `UnusableAnswer` when too long. */
  pack(wants: readonly Oid[], haves: readonly Oid[]): Promise<Buffer>;
}

const AGENT = "agent=grantbox";
const LIST_LIMIT = 64 * 2 ** 20;

export function remoteAt(options: RemoteOptions): Remote {
  const { url, patience, signal } = options;
  const place = placeOf(url);
  const base = `${place}/`;
  let agreed = false;

  async function headers(): Promise<Record<string, string>> {
    const { username, password } = await credentials(options.authenticate, place);
    const basic = Buffer.from(`${username}:${password}`).toString("base64");
    return { authorization: `Basic ${basic}`, "git-protocol": "version=2", "user-agent": "git/grantbox" };
  }

  /** The first exchange finds out whether the server speaks version 2 at all. */
  async function agree(): Promise<void> {
    if (agreed) return;
    const answer = await exchange({
      url: `${base}info/refs?service=git-upload-pack`,
      headers: await headers(),
      expects: "application/x-git-upload-pack-advertisement",
      limit: LIST_LIMIT,
      patience,
      signal,
      fetch: options.fetch,
    });
    const lines = [...packets(answer, place)].flatMap((packet) =>
      typeof packet === "string" ? [] : [textOf(packet)],
    );
    if (!lines.includes("version 2")) throw new ForgeError(`${place} does not speak Git protocol version 2`);
    const format = lines.find((line) => line.startsWith("object-format="));
    if (format !== undefined && format !== "object-format=sha1") {
      throw new ForgeError(`${place} names its objects by another digest than SHA-1 (${format})`);
    }
    agreed = true;
  }

  async function command(name: string, lines: readonly string[], limit: number): Promise<Iterable<Packet>> {
    await agree();
    const body = [
      packetOf(`command=${name}`),
      packetOf(AGENT),
      packetOf("object-format=sha1"),
      DELIMITER,
      ...lines.map(packetOf),
      FLUSH,
    ];
    const answer = await exchange({
      url: `${base}git-upload-pack`,
      headers: {
        ...(await headers()),
        "content-type": "application/x-git-upload-pack-request",
        accept: "application/x-git-upload-pack-result",
      },
      body: Buffer.concat(body),
      expects: "application/x-git-upload-pack-result",
      limit,
      patience,
      signal,
      fetch: options.fetch,
    });
    return packets(answer, place);
  }

  return {
    async refs(prefixes) {
      const answer = await command(
        "ls-refs",
        prefixes.map((prefix) => `ref-prefix ${prefix}`),
        LIST_LIMIT,
      );
      return readRefs(answer, place);
    },
    async pack(wants, haves) {
      const lines = [
        ...(haves.length > 0 ? ["thin-pack"] : []),
        "no-progress",
        "ofs-delta",
        ...wants.map((oid) => `want ${oid}`),
        ...haves.map((oid) => `have ${oid}`),
        "done",
      ];
      return readPack(await command("fetch", lines, options.packLimit), place);
    },
  };
}

async function credentials(authenticate: () => Promise<Credentials>, place: string): Promise<Credentials> {
  try {
    return await authenticate();
  } catch (error) {
    if (error instanceof ForgeError) throw error;
    throw new ForgeError(`there are no credentials for ${place}`, null, { cause: error });
  }
}

function* packets(answer: Buffer, place: string): Generator<Packet> {
  try {
    yield* packetsIn(answer);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ForgeError(`the answer of ${place} was cut short or garbled`, null, { cause: error });
  }
}

function readRefs(answer: Iterable<Packet>, place: string): ReadonlyMap<string, Oid> {
  const refs = new Map<string, Oid>();
  let complete = false;
  for (const packet of answer) {
    if (packet === "flush") complete = true;
    if (typeof packet === "string") continue;
    const line = textOf(packet);
    if (line.startsWith("ERR ")) throw new ForgeError(`${place} refused to list refs: ${line.slice(4)}`);
    const [target = "", name = ""] = line.split(" ", 2);
    const oid = parseOid(target);
    if (oid !== null && /^refs\/[^\p{Cc}]+$/u.test(name)) refs.set(name, oid);
  }
  if (!complete) throw new ForgeError(`${place} did not finish its list of refs`);
  return refs;
}

/** Bytes of the first side band of the section `packfile`. */
function readPack(answer: Iterable<Packet>, place: string): Buffer {
  const chunks: Buffer[] = [];
  let inPack = false;
  let complete = false;
  for (const packet of answer) {
    if (packet === "flush") complete = true;
    if (typeof packet === "string") continue;
    if (!inPack) {
      const line = textOf(packet);
      if (line.startsWith("ERR ")) throw new UnusableAnswer(`${place} refused: ${line.slice(4)}`);
      inPack = line === "packfile";
    } else if (packet[0] === 1) {
      chunks.push(packet.subarray(1));
    } else if (packet[0] === 3) {
      throw new UnusableAnswer(`${place} failed: ${textOf(packet.subarray(1))}`);
    }
  }
  if (!complete || !inPack) throw new ForgeError(`${place} did not finish its pack`);
  return Buffer.concat(chunks);
}
