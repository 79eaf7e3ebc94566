import type { IncomingMessage } from "node:http";
import { gunzipSync } from "node:zlib";
import { Refusal } from "./refusal.ts";

/** More than anybody sends to a stand-in on their own machine. */
const mostBytes = 200 * 1024 * 1024;

/** The whole body of a request, unpacked if it came packed. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > mostBytes) throw new Refusal(413, "Payload too large");
    chunks.push(bytes);
  }
  const body = Buffer.concat(chunks);
  return request.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body;
}
