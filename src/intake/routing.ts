// Decides which team a new submission goes to, by a small file of rules; without a match it goes to the pool of all underwriters.
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { ConfigError } from '../config.js';

const ruleSchema = z
  .strictObject({
    /** Canonical line of business, as `extracted_fields.policy_type` has it. */
    policy_type: z.string().trim().min(1).max(200).optional(),
    /** Domain of the sender's address: `broker.example.com`. */
    sender_domain: z.string().trim().min(1).max(253).optional(),
    team: z.string().trim().min(1).max(128),
  })
  .refine((rule) => rule.policy_type !== undefined || rule.sender_domain !== undefined, {
    message: 'needs policy_type, sender_domain or both',
  });
const rulesSchema = z.strictObject({ rules: z.array(ruleSchema).max(10_000) });

/** The first rule whose conditions all hold names the team. Conditions compare whole and without case. */
export type RoutingRules = z.infer<typeof rulesSchema>;

/** Of a hub that was given none: every submission goes to the pool, where each underwriter sees it. */
const NO_RULES: RoutingRules = { rules: [] };

/** What rules look at. */
export interface Routable {
  policyType: string | null;
  senderDomain: string | null;
}

/**
 * Reads the rules out of a JSON file: `{"rules": [{"policy_type": "Cyber", "sender_domain": "broker.example.com", "team": "cyber"}]}`.
 * Without a path there are none.
 * @throws ConfigError naming the file and what is wrong with it
 */
export function loadRoutingRules(path: string | undefined): RoutingRules {
  if (path === undefined) return NO_RULES;
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8').replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new ConfigError(`ROUTING_RULES: ${path}: ${(error as Error).message}`);
  }
  const parsed = rulesSchema.safeParse(content);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new ConfigError(`ROUTING_RULES: ${path}: ${issue?.path.join('.') || 'file'}: ${issue?.message}`);
}

/** The team, or `null` for the pool. */
export function routeToTeam({ rules }: RoutingRules, { policyType, senderDomain }: Routable): string | null {
  const holds = (wanted: string | undefined, is: string | null) =>
    wanted === undefined || fold(wanted) === (is === null ? null : fold(is));
  const rule = rules.find((r) => holds(r.policy_type, policyType) && holds(r.sender_domain, senderDomain));
  return rule?.team ?? null;
}

function fold(text: string): string {
  return text.normalize('NFC').toLowerCase().replace(/^@/, '');
}
