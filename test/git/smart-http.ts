import { spawn } from "node:child_process";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What passed over the wire, per request. */
interface Passed {
  readonly path: string;
  readonly sent: number;
}

export interface SmartHttp {
  /** The URL of a repository below the root. */
  url(name: string): string;
  readonly passed: Passed[];
  /** Answers requests in place of git, when it says that it did. */
  intercept: ((request: IncomingMessage, response: ServerResponse) => boolean) | null;
  close(): Promise<void>;
}

export const PASSWORD = "let-me-in";

/** A Git server on loopback: `git http-backend` behind Basic authentication. */
export async function serveGit(root: string): Promise<SmartHttp> {
  const passed: Passed[] = [];
  const server = createServer((request, response) => {
    if (http.intercept?.(request, response)) return;
    const password = Buffer.from(request.headers.authorization?.slice(6) ?? "", "base64").toString();
    if (!password.endsWith(`:${PASSWORD}`)) return response.writeHead(401).end();
    const { pathname, search } = new URL(request.url ?? "/", "http://localhost");
    const backend = spawn("git", ["http-backend"], {
      env: {
        PATH: process.env.PATH,
        GIT_PROJECT_ROOT: root,
        GIT_HTTP_EXPORT_ALL: "1",
        GIT_CONFIG_GLOBAL: "/dev/null",
        PATH_INFO: pathname,
        QUERY_STRING: search.slice(1),
        REQUEST_METHOD: request.method ?? "GET",
        CONTENT_TYPE: request.headers["content-type"] ?? "",
        GIT_PROTOCOL: String(request.headers["git-protocol"] ?? ""),
      },
    });
    backend.stdin.on("error", () => undefined);
    request.pipe(backend.stdin);
    const chunks: Buffer[] = [];
    backend.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    backend.on("close", () => {
      const answer = Buffer.concat(chunks);
      const end = answer.indexOf("\r\n\r\n");
      const lines = answer.toString("latin1", 0, end).split("\r\n");
      const headers = new Map(lines.map((line) => [line.split(": ")[0] ?? "", line.split(": ")[1] ?? ""]));
      const status = Number(headers.get("Status")?.slice(0, 3) ?? 200);
      passed.push({ path: `${pathname}${search}`, sent: answer.length - end - 4 });
      response.writeHead(status, { "content-type": headers.get("Content-Type") ?? "" });
      response.end(answer.subarray(end + 4));
    });
    return undefined;
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const http: SmartHttp = {
    url: (name) => `http://127.0.0.1:${port}/${name}`,
    passed,
    intercept: null,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return http;
}
