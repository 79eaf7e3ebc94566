import { type CaseReading, type CaseSystem, unread } from "../ports/cases.ts";
import { type Forge, ForgeError } from "../ports/forge.ts";

const ID = /^(?:([A-Za-z0-9-]{1,39})\/([A-Za-z0-9._-]{1,100}))?#?([1-9]\d{0,9})$/;

/**
 * GitHub Issues as cases: `123` or `#123` in the lockbox repository, `owner/repo#123` in another one of the same owner.
 * Issues elsewhere are not read: whoever asks for access could keep a repository of their own there.
 */
export function githubIssues(forge: Pick<Forge, "readIssue">, owner: string, name: string): CaseSystem {
  return {
    async read(id): Promise<CaseReading> {
      const [, otherOwner, otherName, number] = ID.exec(id) ?? [];
      const isLong = otherOwner !== undefined;
      if (number === undefined || isLong !== id.slice(1).includes("#")) {
        return unread(`\`${id}\` is no issue; write \`123\`, or \`${owner}/other-repository#123\``);
      }
      if (isLong && otherOwner.toLowerCase() !== owner.toLowerCase()) {
        return unread(`issues of \`${otherOwner}\` are not read, only those of \`${owner}\``);
      }
      // one case has one name, or a limit of grants for a case would count by name
      if (isLong && otherName?.toLowerCase() === name.toLowerCase()) {
        return unread(`an issue of this repository is written \`${number}\``);
      }
      try {
        return await forge.readIssue(otherName ?? name, Number(number));
      } catch (error) {
        if (error instanceof ForgeError) return unread(error.message);
        throw error;
      }
    },
  };
}
