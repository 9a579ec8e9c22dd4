// An auth server for tests: oidc-provider, a certified OpenID provider, with the
// grant of RFC 7523, in which the verifier jose judges the assertion.
//
// It reads lines of JSON from its standard input, answers each with one, and ends
// when the input ends. The first line:
//   {"now": MILLISECONDS, "tokenSeconds": N,
//    "clients": [{"id", "secret", "account", "publicKey", "scopes"}, ...]}
// is answered by {"url": "http://127.0.0.1:PORT"}. A later line sets the clock.

import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { importSPKI, jwtVerify } from 'jose';
import Provider, { errors } from 'oidc-provider';

const answer = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
console.info = console.error; // standard output holds answers only

// The clock stands still between the test's words.
let now = 0;
globalThis.Date = class extends Date {
  constructor(...args) {
    super(...(args.length > 0 ? args : [now]));
  }

  static now() {
    return now;
  }
};

function newProvider(url, settings) {
  const day = 24 * 3600;
  const provider = new Provider(url, {
    clients: settings.clients.map(({ id, secret, scopes }) => ({
      client_id: id,
      client_secret: secret,
      token_endpoint_auth_method: 'client_secret_post',
      application_type: 'native', // a loopback address may have any port (RFC 8252)
      redirect_uris: ['http://127.0.0.1/callback'],
      response_types: ['code'],
      grant_types: ['authorization_code', 'refresh_token', jwtBearer],
      scope: scopes.join(' '),
    })),
    scopes: settings.clients.flatMap((c) => c.scopes),
    routes: { authorization: '/authorize', token: '/token', revocation: '/revoke', introspection: '/introspect' },
    features: { revocation: { enabled: true }, introspection: { enabled: true } },
    pkce: { required: () => true },
    issueRefreshToken: () => true,
    rotateRefreshToken: () => true,
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    cookies: { keys: [randomBytes(32).toString('hex')] },
    ttl: {
      AccessToken: settings.tokenSeconds, AuthorizationCode: 600, RefreshToken: 90 * day, Grant: 90 * day, Interaction: 600, Session: day,
    },
  });
  const accounts = new Map(settings.clients.map((c) => [c.id, c]));
  provider.registerGrantType(jwtBearer, (ctx) => grantByAssertion(provider, accounts, ctx), ['assertion', 'scope']);
  return provider;
}

const jwtBearer = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

// grantByAssertion runs after oidc-provider has checked the client and its secret.
async function grantByAssertion(provider, accounts, ctx) {
  const { client, params } = ctx.oidc;
  const { account, publicKey, scopes } = accounts.get(client.clientId);
  await judge(params.assertion, client.clientId, account, publicKey);
  const scope = params.scope ?? '';
  const refused = scope.split(' ').find((s) => !scopes.includes(s));
  if (refused !== undefined) {
    throw new errors.InvalidScope('requested scope is not allowed', refused);
  }

  const grant = new provider.Grant({ accountId: account, clientId: client.clientId });
  grant.addOIDCScope(scope);
  const of = { accountId: account, client, grantId: await grant.save(), gty: jwtBearer, scope };
  const access = new provider.AccessToken(of);
  const refresh = new provider.RefreshToken(of);
  ctx.body = {
    access_token: await access.save(),
    refresh_token: await refresh.save(),
    token_type: access.tokenType,
    expires_in: String(access.expiration), // a string, as the real service sends it
    scope,
  };
}

async function judge(assertion, issuer, subject, publicKey) {
  try {
    const { payload } = await jwtVerify(assertion ?? '', await importSPKI(publicKey, 'RS256'), {
      algorithms: ['RS256'],
      typ: 'JWT',
      issuer,
      subject,
      requiredClaims: ['iat', 'exp'], // jose takes numbers only
      maxTokenAge: 3600, // refuses an iat in the future, too
      clockTolerance: 60,
    });
    if (payload.exp > payload.iat + 3600) {
      throw new Error('"exp" is more than an hour after "iat"');
    }
  } catch (e) {
    throw new errors.CustomOIDCProviderError('invalid_grant', e.message);
  }
}

// start serves on a free loopback port.
async function start(settings) {
  const server = createServer();
  await new Promise((listens) => {
    server.listen(0, '127.0.0.1', listens);
  });
  const url = `http://127.0.0.1:${server.address().port}`;
  const handle = newProvider(url, settings).callback();
  server.on('request', (request, response) => {
    response.setHeader('Date', new Date().toUTCString());
    handle(request, response);
  });
  return { url };
}

let started = false;
for await (const line of createInterface({ input: process.stdin })) {
  const said = JSON.parse(line);
  now = said.now;
  answer(started ? {} : await start(said));
  started = true;
}
process.exit();
