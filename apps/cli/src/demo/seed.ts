/** Fills an empty installation: the cast, three companies, and one published tender that takes bids for three weeks. */
import { company, OFFICIALS, OPERATORS, PASSWORD } from './cast.js';
import { publish } from './publish.js';
import { SCHOOL_ROOF } from './school-roof.js';
import { assemble, openStage } from './stage.js';
import { timeline } from './timeline.js';

const THREE_WEEKS_MS = 21 * 86_400_000;

const stage = openStage();
const quiet = timeline(() => undefined);
const troupe = await assemble(stage);
const companies = [];
for (const [name, identifier] of [
  ['CV Maju Bersama', '9120000000001'],
  ['PT Karya Utama', '9120000000002'],
  ['UD Sejahtera', '9120000000003'],
] as const) {
  companies.push(await company(stage, troupe.operators, name, identifier));
}
const tender = await publish(stage, troupe, SCHOOL_ROOF, THREE_WEEKS_MS, 'generic/open', quiet);

console.log(`\nThe demonstration: “${tender.terms.title}” takes bids until ${tender.terms.deadlineAt}.`);
console.log(`Everybody’s password is “${PASSWORD}”. Logins:`);
for (const email of OPERATORS) console.log(`  ${email.padEnd(28)} operator`);
for (const { email, role } of OFFICIALS) console.log(`  ${email.padEnd(28)} ${role.replace('_', ' ')}`);
for (const { email, name } of companies) console.log(`  ${email.padEnd(28)} vendor, ${name.replace('Owner of ', '')}`);
