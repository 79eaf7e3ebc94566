import { type Witness, WitnessError } from "../ports/witness.ts";
import type { GitHub } from "./octokit.ts";
import { attempt } from "./outcome.ts";

/**
 * A second repository: each note becomes a file of its own, so that nothing is ever changed there. Other people should
 * be its administrators than those of the lockbox repository.
 * https://docs.github.com/rest/repos/contents#create-or-update-file-contents
 */
export function repositoryWitness(owner: string, name: string, github: GitHub): Witness {
  const place = `${owner}/${name}`;
  return {
    name: `repository ${place}`,
    async keep(note, { repository, at }) {
      const installation = await github.installationOf(owner, name);
      if (installation === null) {
        throw new WitnessError(`the app is not installed on ${place}, which should be its witness`);
      }
      const { rest } = github.forInstallation(installation).calls;
      const path = `notes/${repository}/${at}.note`;
      const answer = await attempt("create-file", `keep a note in ${place}`, () =>
        rest.repos.createOrUpdateFileContents({
          owner,
          repo: name,
          path,
          message: `Keep where ${repository} was at ${at}`,
          content: Buffer.from(note).toString("base64"),
        }),
      );
      // a note of the same second is there already: nothing is missing
      if (!answer.ok && answer.means !== "exists") {
        throw new WitnessError(`${place} does not keep the note: GitHub says ${answer.because}`);
      }
    },
  };
}
