export { type FormErrors, NO_ERRORS, orAgain } from '../platform/web/form_again.js';
