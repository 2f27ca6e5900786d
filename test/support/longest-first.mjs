// Where no run left its times, Jest begins with the largest files. The longest tests are small files that start whole
// systems many times over: begun last, each would keep one core busy while the other has nothing left.
import TestSequencer from '@jest/test-sequencer';

const LONGEST = ['tamper', 'crash', 'story', 'web-roles', 'web-opening', 'boundary', 'crash-submit', 'commands'];

const Sequencer = TestSequencer.default ?? TestSequencer;

export default class LongestFirst extends Sequencer {
  sort(tests) {
    const isLong = ({ path }) => LONGEST.some((name) => path.endsWith(`/test/${name}.spec.ts`));
    const inOrder = super.sort(tests);
    return [...inOrder.filter(isLong), ...inOrder.filter((test) => !isLong(test))];
  }
}
