import { join } from "node:path";
import { openMirror } from "../../src/git/mirror.ts";
import { historyContract } from "../contracts/history.ts";
import { PASSWORD, serveGit } from "./smart-http.ts";

historyContract("mirror read without a Git program", async (repository) => {
  const server = await serveGit(repository.root);
  const mirror = openMirror({
    dir: join(repository.root, "mirror"),
    url: server.url(repository.name),
    defaultBranch: "main",
    authenticate: async () => ({ username: "x-access-token", password: PASSWORD }),
  });
  return {
    history: mirror,
    async close() {
      await mirror.close();
      await server.close();
    },
  };
});
