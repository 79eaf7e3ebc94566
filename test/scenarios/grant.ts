const RESOURCE =
  "/subscriptions/6f1d2a80-3c5e-4b7a-9d21-0c8e5f4a7b13/resourceGroups/shop/providers/Microsoft.Storage/storageAccounts/checkoutprod";

const CASE = '{ system: servicenow, id: CS-41207, severity: 2, url: "https://acme.example/cases/CS-41207" }';

/** What a scenario may say about a grant; everything else is as it should be. */
export interface GrantWords {
  id?: string;
  subject?: string;
  duration?: string;
  actions?: string;
  justification?: string;
  notBefore?: string;
  resource?: string;
  /** System and id of the case. */
  about?: readonly [string, string];
  extra?: string;
}

export function grantPath({ id = "cs-41207-checkout-logs" }: GrantWords = {}): string {
  return `grants/azure.storage/${id}.yaml`;
}

/** A grant file that the starter policies let two people approve: bob for the storage, carol for privacy. */
export function grantFile(words: GrantWords = {}): string {
  const {
    id = "cs-41207-checkout-logs",
    subject = "alice",
    duration = "PT4H",
    actions = "[read, list]",
    justification = "Checkout times out for tenant 88; need the gateway logs of 23 November.",
    resource = RESOURCE,
    notBefore,
    about,
    extra = "",
  } = words;
  return `apiVersion: grantbox/v1
kind: Grant
id: ${id}
case: ${about === undefined ? CASE : `{ system: ${about[0]}, id: "${about[1]}" }`}
subject: ${subject}
resource:
  type: azure.storage
  id: ${resource}
access:
  actions: ${actions}
  scope: { container: logs, paths: ["2026/11/**"] }
justification: ${justification}
duration: ${duration}
${notBefore === undefined ? "" : `notBefore: "${notBefore}"\n`}${extra}`;
}
