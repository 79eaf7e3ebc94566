/** One call that the app made, with its JWT or an installation token. */
export type Call = {
  n: number;
  /** By the sandbox's clock. */
  at: string;
  method: string;
  path: string;
  /** GitHub's operation id, or `graphql:query Name` and `graphql:mutation Name`; `git:…` for Git. */
  operation: string;
  /** Top-level fields of a GraphQL document. */
  fields?: string[];
  /** What was answered; 0 while it is not, or when the connection was cut. */
  status: number;
  /** Whether it makes content that notifies people: GitHub allows 80 such requests a minute (github.md §2.1). */
  creating: boolean;
  fault?: string;
  /** The webhook delivery that the app was handling, which Octokit sends along (github.md §5.1). */
  delivery?: string;
};

/** What the app has called since the list was last cleared; Git is listed apart. */
export class CallLog {
  #api: Call[] = [];
  #git: Call[] = [];

  get api(): readonly Call[] {
    return this.#api;
  }

  get git(): readonly Call[] {
    return this.#git;
  }

  add(kind: "api" | "git", call: Omit<Call, "n">): Call {
    const list = kind === "api" ? this.#api : this.#git;
    const numbered = { n: list.length + 1, ...call };
    list.push(numbered);
    return numbered;
  }

  clear(): void {
    this.#api = [];
    this.#git = [];
  }
}
