/** Who may import whom. The table is the law; a change that breaks it changes the table first, and says why. */
const MAY_USE = {
  platform: [],
  accounts: ['platform'],
  brands: ['platform', 'accounts'],
  contacts: ['platform', 'brands'],
  // Ends and pauses of surveys take their words from the library.
  surveys: ['platform', 'brands', 'accounts', 'library'],
  mailer: ['platform', 'brands'],
  people: ['platform', 'accounts', 'brands', 'mailer'],
  library: ['platform', 'accounts', 'brands'],
  links: ['platform', 'brands', 'surveys', 'contacts'],
  responses: ['platform', 'brands', 'surveys', 'contacts', 'links', 'mailer'],
  distributions: ['platform', 'brands', 'contacts', 'surveys', 'library', 'links', 'responses', 'mailer'],
  demo: ['platform', 'accounts', 'brands', 'contacts', 'surveys', 'links', 'distributions'],
  notices: ['platform', 'accounts', 'brands', 'surveys', 'mailer', 'distributions'],
  readiness: ['platform', 'brands', 'mailer', 'distributions'],
  summaries: ['platform', 'brands', 'contacts', 'surveys', 'responses', 'distributions', 'links'],
};

/** What other modules may import of a module; `access.ts` is the one permission function, the engine is pure. */
const FRONT_DOOR =
  '\\.(service|entity|events|module)\\.ts$|^src/brands/(access|identification)\\.ts$|^src/surveys/engine/|^src/contacts/email_address\\.ts$|^src/links/(channels|entries/entry)\\.ts$|^src/distributions/tallies\\.ts$|^src/platform/';

const directions = Object.entries(MAY_USE).map(([module, uses]) => ({
  name: `${module}-direction`,
  severity: 'error',
  from: { path: `^src/${module}/` },
  to: { path: '^src/', pathNot: `^src/(${[module, ...uses].join('|')})/` },
}));

const frontDoors = Object.keys(MAY_USE).map((module) => ({
  name: `${module}-through-the-front-door`,
  severity: 'error',
  from: { path: '^src/[^/]+/', pathNot: `^src/${module}/` },
  to: { path: `^src/${module}/`, pathNot: FRONT_DOOR },
}));

export default {
  forbidden: [
    ...directions,
    ...frontDoors,
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'entities-and-services-know-no-http',
      severity: 'error',
      from: { path: '\\.(entity)\\.ts$' },
      to: { path: 'express|@nestjs/platform-express' },
    },
    {
      // They run in processes without settings, and each process loads what they name before its first work.
      name: 'tasks-are-pure',
      severity: 'error',
      from: { path: '\\.task\\.ts$|^src/platform/tasks/task_program\\.ts$' },
      to: {
        path: '^src/platform/db/|^src/platform/config\\.ts$|node_modules/(?:@nestjs|@mikro-orm|express)/',
        reachable: true,
      },
    },
    {
      name: 'engine-is-pure',
      severity: 'error',
      from: { path: '^src/surveys/engine/' },
      // These packages run in browsers as they are.
      to: { pathNot: '^src/surveys/engine/|node_modules/(?:zod|entities|re2js)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.mjs'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
    },
  },
};
