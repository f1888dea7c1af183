export { classify, type BounceClass, type Verdict } from './classify.js';
