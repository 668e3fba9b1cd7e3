// An issuer for tests: its keys, clients and people come in a file, its port is free.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [modules, file] = process.argv.slice(2);
const { Provider } = await import(pathToFileURL(join(modules, "oidc-provider", "lib", "index.js")));
const { issuer, jwks, clients, people } = JSON.parse(readFileSync(file));

const provider = new Provider(issuer, {
  clients,
  jwks,
  claims: { openid: ["sub"], profile: ["preferred_username"], groups: ["groups"] },
  conformIdTokenClaims: false,
  cookies: { keys: ["a key of this test"] },
  pkce: { required: () => true },
  ttl: { IdToken: 3600 },
  findAccount: (context, id) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
});
const server = provider.listen(Number(new URL(issuer).port), "127.0.0.1", () => console.log("ready"));
process.on("SIGTERM", () => server.close(() => process.exit(0)));
