import { parentPort, workerData } from "node:worker_threads";
import { ALLOWED_SIGNERS_PATH } from "../domain/signature.ts";
import { allowedSignersIn } from "../ledger/signature.ts";
import { OwnPerformer } from "../ledger/task.ts";
import type { Answer, Batch } from "./judge-threads.ts";
import { RecentRules } from "./recent-rules.ts";

/** One thread of `JudgeThreads`: performs the batches that it is sent, one after the other. */
const performer = new OwnPerformer(
  allowedSignersIn(workerData instanceof Uint8Array ? workerData : null, ALLOWED_SIGNERS_PATH),
);
const rules = new RecentRules();

parentPort?.on("message", ({ id, tasks, rules: sent }: Batch) => {
  const answer: Answer = { id, outcomes: performer.performNow(tasks, rules.unpack(sent)) };
  parentPort?.postMessage(answer);
});
