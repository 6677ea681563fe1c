// What the desk is told before anybody is signed in, and where its page may ask for tokens.
import { CONTRACT } from '@workitem-hub/client/contract';
import { expect } from 'chai';
import { type Api, expectRefusal, openApi } from './api.js';

const PROVIDER = {
  OIDC_AUTHORITY: 'https://login.example/tenant/v2.0',
  OIDC_CLIENT_ID: 'desk',
  JWKS_URL: 'https://login.example/keys',
};

describe('the desk’s configuration', () => {
  let api: Api | undefined;
  afterEach(async () => {
    await api?.close();
    api = undefined;
  });

  async function ask(env: Record<string, string>) {
    api = await openApi(env);
    const { status, headers, body } = await api.call('GET', '/desk.json');
    expect(status).to.equal(200);
    expect(headers.get('cache-control')).to.equal('no-store');
    return { body, policy: headers.get('content-security-policy') ?? '' };
  }

  it('names the people of the demonstration, and no secret', async () => {
    const { body, policy } = await ask({});
    expect(body).to.include({ test_controls: true, contract: CONTRACT });
    const auth = body.auth as { kind: string; people: object[] };
    expect(auth.kind).to.equal('demo');
    expect(auth.people).to.deep.include({ sub: 'ada', name: 'Ada Arkwright', roles: ['admin'], teams: [] });
    for (const person of auth.people) expect(person).to.have.all.keys('sub', 'name', 'roles', 'teams');
    expect(policy).not.to.contain('connect-src');
  });

  it('names the provider, which the page may then reach', async () => {
    const { body, policy } = await ask({ ...PROVIDER, NODE_ENV: 'production', JWT_SECRET: '', TEST_WORKITEMS: 'on' });
    expect(body).to.deep.equal({
      auth: {
        kind: 'oidc',
        authority: PROVIDER.OIDC_AUTHORITY,
        client_id: 'desk',
        scope: 'openid profile email',
      },
      test_controls: true,
      contract: CONTRACT,
    });
    expect(policy).to.match(/(?:^|;)connect-src 'self' https:\/\/login\.example(?:;|$)/);
  });

  it('has the provider before the demonstration', async () => {
    const { body } = await ask({ ...PROVIDER, OIDC_SCOPE: 'openid api://hub/desk' });
    expect(body.auth).to.include({ kind: 'oidc', scope: 'openid api://hub/desk' });
    expectRefusal(await (api as Api).call('POST', '/api/demo/sign-in', { body: { sub: 'ada' } }), 404, 'not_found');
  });

  it('leaves production to tokens, without people and test items', async () => {
    const { body } = await ask({ NODE_ENV: 'production' });
    expect(body).to.deep.equal({ auth: { kind: 'token' }, test_controls: false, contract: CONTRACT });
  });

  it('leaves a hub without a secret of its own to tokens', async () => {
    const { body } = await ask({ JWKS_URL: PROVIDER.JWKS_URL, JWT_SECRET: '' });
    expect(body.auth).to.deep.equal({ kind: 'token' });
  });

  it('takes no questions', async () => {
    await ask({});
    expectRefusal(await (api as Api).call('GET', '/desk.json?kind=oidc'), 400, 'invalid');
    expectRefusal(await (api as Api).call('POST', '/desk.json'), 405, 'invalid');
  });
});
