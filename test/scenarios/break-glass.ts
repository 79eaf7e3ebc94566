/** A policy by which an emergency takes one on-call manager (grace), lasts an hour at most, and is reviewed within two days. */
export const breakGlass = (name: string) => `apiVersion: grantbox/v1
kind: ApproverPolicy
name: ${name}
description: Payment logs at night.
match: { resource.type: azure.storage }
require:
  - { name: resource owners, count: 1, from: { codeowners: true } }
  - { name: privacy, count: 1, from: { teams: [privacy] } }
emergency: { count: 1, from: { teams: [oncall-managers] }, maxDuration: PT1H, reviewWithin: P2D }
`;
