import type { Finder } from './finding.js';
import { repeated } from './finding.js';
import type { RulePack } from './rule-pack.js';
import type { OpenerGroup } from './tender.js';

const MAX_OPENERS = 32;

/** Checks opener groups (protocol section 3): names and openers unique across all groups, 1 ≤ k < n ≤ 32 (n = k only
 *  in a demonstration), at least one group outside the buyer, as many groups as the pack asks for. */
export function checkGroups(groups: readonly OpenerGroup[], pack: RulePack, found: Finder): void {
  const minimum = Math.max(1, pack.openerGroupsMinimum);
  if (groups.length < minimum) found.error('groups', 'groups_few', `At least ${minimum} opener groups are needed.`);
  if (groups.length > MAX_OPENERS) found.error('groups', 'too_many', 'There are too many opener groups.');
  if (groups.length > 0 && !groups.some((group) => group.external)) {
    found.error('groups', 'group_external_missing', 'At least one opener group must be outside the buyer.');
  }
  for (const name of repeated(groups.map((group) => group.name))) {
    found.error('groups', 'group_name_repeated', `Two opener groups are called ${JSON.stringify(name)}.`);
  }
  for (const id of repeated(groups.flatMap((group) => group.openerIds))) {
    found.error('groups', 'opener_repeated', `The opener ${id} is named more than once.`);
  }
  groups.forEach((group, i) => checkGroup(group, `groups[${i}]`, pack, found));
}

function checkGroup(group: OpenerGroup, path: string, pack: RulePack, found: Finder): void {
  const n = group.openerIds.length;
  if (!group.name.trim()) found.error(`${path}.name`, 'text_missing', 'An opener group has no name.');
  if (!group.institution.trim())
    found.error(`${path}.institution`, 'text_missing', 'An opener group names no institution.');
  if (!Number.isSafeInteger(group.k) || group.k < 1)
    found.error(`${path}.k`, 'threshold_wrong', 'At least one opener must be needed.');
  else if (group.k > n)
    found.error(`${path}.k`, 'threshold_wrong', `${group.k} openers are needed but the group has ${n}.`);
  else if (group.k === n && pack.demonstration) {
    found.warn(`${path}.k`, 'threshold_tight', 'Every opener of the group is needed: one lost key loses every bid.');
  } else if (group.k === n) {
    found.error(`${path}.k`, 'threshold_wrong', 'A group needs at least one opener more than its threshold.');
  }
  if (n > MAX_OPENERS) found.error(`${path}.openerIds`, 'too_many', `A group has more than ${MAX_OPENERS} openers.`);
}
