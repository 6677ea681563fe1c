// What can be known of deploy/compose.yaml and deploy/Dockerfile without Docker: that they say what the hub needs.
import { readFileSync } from 'node:fs';
import { access } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { load, YAML11_SCHEMA } from 'js-yaml';
import { readConfig } from '../../src/config.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const read = (name: string): string => readFileSync(path.join(ROOT, name), 'utf8');

interface Service {
  image: string;
  user?: string;
  read_only: boolean;
  restart: string;
  environment?: Record<string, string>;
  healthcheck: { test: string[] };
  networks: string[] | Record<string, { ipv4_address?: string }>;
  ports?: string[];
  extra_hosts?: string[];
  command?: string[];
  depends_on?: Record<string, { condition: string }>;
  stop_grace_period?: string;
}
interface Compose {
  services: Record<string, Service>;
  networks: Record<string, { internal?: boolean }>;
}

// Merge keys are of YAML 1.1; Compose knows them.
const compose = load(read('deploy/compose.yaml'), { schema: YAML11_SCHEMA }) as Compose;
const { services } = compose;
const service = (name: string): Service => services[name] as Service;
const hubs = Object.keys(services).filter((name) => name.startsWith('hub-'));
const seconds = (text: string | undefined): number => Number.parseInt(text ?? '', 10);

/** The settings as a hub in the container would get them. */
function settingsOf(name: string, env: Record<string, string>): Record<string, string> {
  const filled = Object.entries(service(name).environment ?? {}).map(([key, text]) => {
    const value = text.replace(/\$\{(\w+)(?::[?-]([^}]*))?\}/g, (_whole, variable: string) => env[variable] ?? '');
    return [key, value];
  });
  return { ...(Object.fromEntries(filled) as Record<string, string>), NODE_ENV: 'production' };
}

describe('compose.yaml', () => {
  it('gives every service a restart, a health check, a user that is not root, and no disk to write on', () => {
    for (const [name, one] of Object.entries(services)) {
      expect(one.restart, name).to.equal('unless-stopped');
      expect(one.read_only, name).to.equal(true);
      expect(one.healthcheck.test[0], name).to.equal('CMD');
      // A text with a colon in it, not quoted, would be a map.
      for (const word of one.healthcheck.test) expect(word, name).to.be.a('string');
      if (!hubs.includes(name)) expect(one.user, name).to.match(/^[1-9]\d*:/);
    }
  });

  it('publishes nothing but nginx, and keeps MongoDB and Redis in a network without a way out', () => {
    expect(Object.keys(services).filter((name) => services[name]?.ports)).to.deep.equal(['nginx']);
    expect(compose.networks.data?.internal).to.equal(true);
    for (const name of ['redis', 'mongo-1', 'mongo-2', 'mongo-3'])
      expect(service(name).networks).to.deep.equal(['data']);
    expect(service('nginx').networks).to.deep.equal(['front']);
  });

  it('tells nginx of the hubs that its configuration names, at the addresses that they have', () => {
    const named = new Set(Array.from(read('deploy/nginx.conf').matchAll(/server (hub-\d+):8000/g), ([, name]) => name));
    expect([...named]).to.deep.equal(hubs);
    const addresses = hubs.map((name) => {
      const { front } = service(name).networks as Record<string, { ipv4_address: string }>;
      return `${name}:${front?.ipv4_address}`;
    });
    expect(service('nginx').extra_hosts).to.deep.equal(addresses);
  });

  it('gives the hubs settings with which they start in production, and more time to stop than they take', () => {
    const env = {
      JWT_SECRET: 'a'.repeat(16) + '0123456789abcdef',
      INTAKE_API_KEYS: 'k',
      METRICS_TOKEN: 'm',
      PUBLIC_URL: 'https://h.example',
    };
    for (const name of hubs) {
      const config = readConfig(settingsOf(name, env));
      expect(config.TRUST_PROXY).to.equal('1');
      expect(config.JWKS_URL).to.equal(undefined);
      expect(config.MONGODB_URL).to.include('replicaSet=workitem-hub');
      expect(seconds(service(name).stop_grace_period)).to.be.above(config.SHUTDOWN_SECONDS);
      expect(config.SHUTDOWN_SECONDS).to.be.above(config.DRAIN_SECONDS);
    }
    const members = new URL(
      settingsOf('hub-1', env)
        .MONGODB_URL?.replace('mongodb:', 'http:')
        .replace(/,[^/]*/, '') ?? '',
    );
    expect(service(members.hostname)).to.have.property('image');
  });

  it('makes one set of all its mongods', () => {
    const script = service('mongo-1').healthcheck.test.at(-1) ?? '';
    const members = Array.from(script.matchAll(/host: '([\w-]+):27017'/g), ([, name]) => name);
    expect(members).to.deep.equal(Object.keys(services).filter((name) => name.startsWith('mongo-')));
    for (const name of members) expect(service(name ?? '').command).to.include.members(['--replSet', 'workitem-hub']);
  });

  it('asks for every secret, has none itself, and its example names all that it asks for', () => {
    const text = read('deploy/compose.yaml');
    const example = read('deploy/.env.example');
    const required = Array.from(text.matchAll(/\$\{(\w+):\?/g), ([, name]) => name);
    expect(required).to.deep.equal(['JWT_SECRET', 'INTAKE_API_KEYS', 'METRICS_TOKEN', 'PUBLIC_URL']);
    for (const name of required) expect(example).to.match(new RegExp(`^${name}=$`, 'm'));
    for (const [, name] of text.matchAll(/\$\{(\w+):-/g)) expect(example).to.match(new RegExp(`^#${name}=`, 'm'));
    expect(read('.gitignore').split('\n')).to.include('.env');
  });
});

describe('the Dockerfile', () => {
  const lines = read('deploy/Dockerfile').split('\n');

  it('copies only what is there and what its ignore file lets through', async () => {
    const copied = lines.flatMap((line) => /^COPY (?!--from)(.+) \S+$/.exec(line)?.[1]?.split(' ') ?? []);
    expect(copied).to.include.members(['package.json', 'package-lock.json', 'src', 'client-sdk']);
    const allowed = read('deploy/Dockerfile.dockerignore')
      .split('\n')
      .flatMap((line) => /^!(.+)/.exec(line)?.[1] ?? []);
    for (const source of copied) {
      await access(path.join(ROOT, source));
      expect(
        allowed.some((entry) => source === entry || source.startsWith(`${entry}/`)),
        source,
      ).to.equal(true);
    }
  });

  it('runs node itself, as nobody in particular, of a fixed version, and has no secret in it', () => {
    expect(
      lines.filter((line) => line.startsWith('FROM') && !/FROM (node:20\.20-bookworm-slim|base)\b/.test(line)),
    ).to.deep.equal([]);
    const runtime = lines.slice(lines.lastIndexOf('FROM base'));
    expect(runtime).to.include('USER node').and.to.include('CMD ["node", "dist/main.js"]');
    expect(runtime.join('\n')).to.not.match(/SECRET|TOKEN|KEY/);
  });
});
