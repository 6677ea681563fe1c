// What Prometheus needs to watch this cluster: the configuration as it is shipped, with the hubs of this machine.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { dump, load } from 'js-yaml';
import { HOST } from '../../src/mongo/replica-set.js';

const SHIPPED = fileURLToPath(new URL('../monitoring/prometheus.yml', import.meta.url));
export const ALERTS = fileURLToPath(new URL('../monitoring/alerts.yml', import.meta.url));

interface PrometheusConfig {
  rule_files: string[];
  scrape_configs: { authorization?: object; static_configs: { targets: string[] }[] }[];
}

/**
 * @param hubPorts of all hubs
 * @param metricsToken that they ask for; in development there need not be any
 */
export function prometheusConfig(hubPorts: readonly number[], metricsToken?: string): string {
  const config = load(readFileSync(SHIPPED, 'utf8')) as PrometheusConfig;
  const [{ authorization: _, ...scrape }] = config.scrape_configs as [PrometheusConfig['scrape_configs'][number]];
  const targets = hubPorts.map((port) => `${HOST}:${port}`);
  return dump({
    ...config,
    rule_files: [ALERTS],
    scrape_configs: [
      {
        ...scrape,
        ...(metricsToken ? { authorization: { credentials: metricsToken } } : {}),
        static_configs: [{ targets }],
      },
    ],
  });
}
