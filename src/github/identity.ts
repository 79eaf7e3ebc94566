/** Where people sign in, and as which app. */
export interface IdentityOptions {
  /** GitHub's web address, such as `https://github.com`. */
  readonly webUrl: string;
  /** Base of the REST API. */
  readonly apiUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly signal: AbortSignal;
}

const TIMEOUT_MS = 10_000;

/**
 * The login behind a code of OAuth's web flow; null when GitHub does not take the code. The token that the code is
 * exchanged for is asked once who it belongs to, and then revoked.
 * https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-user-access-token-for-a-github-app
 */
export async function loginOf(
  code: string,
  verifier: string,
  { webUrl, apiUrl, clientId, clientSecret, signal }: IdentityOptions,
): Promise<string | null> {
  const ask = async (address: string, init: RequestInit): Promise<Readonly<Record<string, unknown>>> => {
    const response = await fetch(address, {
      ...init,
      headers: { accept: "application/json", "content-type": "application/json", ...init.headers },
      redirect: "error",
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    const answer: unknown = response.ok && response.status !== 204 ? await response.json() : null;
    return typeof answer === "object" && answer !== null ? { ...answer } : {};
  };
  const exchange = { client_id: clientId, client_secret: clientSecret, code, code_verifier: verifier };
  const { access_token: token } = await ask(`${webUrl}/login/oauth/access_token`, {
    method: "POST",
    body: JSON.stringify(exchange),
  });
  if (typeof token !== "string" || token === "") return null;
  const { login, type } = await ask(`${apiUrl}/user`, { headers: { authorization: `Bearer ${token}` } });
  const basic = Buffer.from(`${clientId}:${clientSecret}`).toString("base64");
  await ask(`${apiUrl}/applications/${clientId}/token`, {
    method: "DELETE",
    headers: { authorization: `Basic ${basic}` },
    body: JSON.stringify({ access_token: token }),
  }).catch(() => undefined);
  return typeof login === "string" && type !== "Bot" ? login : null;
}
