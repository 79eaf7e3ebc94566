import { join } from "node:path";
import { historyOf } from "../../src/git/history-isomorphic.ts";
import { openMirror } from "../../src/git/mirror.ts";
import { historyContract } from "../contracts/history.ts";
import { PASSWORD, serveGit } from "./smart-http.ts";

historyContract("mirror over isomorphic-git", async (repository) => {
  const server = await serveGit(repository.root);
  const stop = new AbortController();
  const mirror = openMirror({
    dir: join(repository.root, "mirror"),
    url: server.url(repository.name),
    defaultBranch: () => "main",
    authenticate: async () => ({ username: "x-access-token", password: PASSWORD }),
    signal: stop.signal,
  });
  return {
    history: historyOf(mirror),
    async close() {
      stop.abort();
      await server.close();
    },
  };
});
