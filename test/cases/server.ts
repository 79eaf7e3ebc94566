import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A small HTTP server on loopback that stands for a case system. */
export interface CaseServer {
  readonly url: string;
  /** Addresses that were asked for, with their credentials. */
  readonly requests: { readonly path: string; readonly authorization: string | undefined }[];
  end(): Promise<void>;
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

export async function serve(answer: Answer): Promise<CaseServer> {
  const requests: CaseServer["requests"] = [];
  const server: Server = createServer((request, response) => {
    requests.push({ path: request.url ?? "", authorization: request.headers.authorization });
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    end: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

export function reply(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(body);
}

/** Nothing stops in these tests. */
export const { signal } = new AbortController();
