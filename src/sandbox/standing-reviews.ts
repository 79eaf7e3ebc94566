import { roleIncludes } from "./people.ts";
import type { Pull } from "./pulls.ts";
import type { Review } from "./reviews.ts";
import type { World } from "./world.ts";

/** Reviews of a pull request, oldest first. */
export function reviewsOf(world: World, pull: Pull): Review[] {
  return [...world.reviews.values()].filter((review) => review.number === pull.number);
}

/** The latest approval or refusal of each person with write access, dismissed ones aside. */
export function standingReviews(world: World, pull: Pull): Review[] {
  const latest = new Map<string, Review>();
  for (const review of reviewsOf(world, pull)) {
    if (review.state === "COMMENTED" || review.state === "PENDING") continue;
    if (review.author.kind === "User" && roleIncludes(review.author.role, "write")) {
      latest.set(review.author.login, review);
    }
  }
  return [...latest.values()].filter((review) => review.state !== "DISMISSED");
}
