import { addressNamed, addresses } from '../../src/platform/web/addresses.js';
import type { World } from '../world.js';
import type { Owned } from './owned.js';

type Rooms = typeof addresses;

/** How an address is asked for, and with what: `GET` is requested, of `POST` there is a route. */
type Asked<Parts extends unknown[]> = [methods: 'GET' | 'POST' | 'GET POST', ...parts: Parts];

/** Every address of the product: one that stands in `addresses.ts` and not here is an error of types. */
type AllAsked = {
  [Room in keyof Rooms]: {
    [Place in keyof Rooms[Room]]: Rooms[Room][Place] extends (...parts: infer Parts) => string ? Asked<Parts> : never;
  };
};

/** What pages show besides what `Owned` has the number of. */
export interface Shown {
  upload: string;
  links: string;
  linkedMessage: string;
  draft: string;
  sharer: string;
  division: string;
  libraryMessage: string;
  surveyPicture: string;
  mailPicture: string;
  link: string;
  returned: string;
  ticket: string;
}

/** One address, as a test asks for it. */
export interface Asking {
  name: string;
  address: string;
  methods: string[];
}

/** Every address of the product, with ids of things that are there. */
export function askedOf(world: World, owned: Owned, shown: Shown): Asking[] {
  return Object.entries(allAsked(world, owned, shown)).flatMap(([room, places]) =>
    Object.entries(places as Record<string, Asked<string[]>>).map(([place, [methods, ...parts]]) => ({
      name: `${room}.${place}`,
      address: addressNamed(`${room}.${place}`, parts),
      methods: methods.split(' '),
    })),
  );
}

function allAsked({ ids }: World, owned: Owned, shown: Shown): AllAsked {
  const survey = ids.show('SV', owned.survey);
  const list = ids.show('CG', owned.list);
  const contact = ids.show('CID', owned.contact);
  const segment = ids.show('SG', owned.segment);
  const imported = ids.show('IM', owned.import);
  const rule = ids.show('FR', owned.rule);
  const person = ids.show('UR', owned.user);
  const mail = ids.show('EMD', owned.distribution);
  const message = ids.show('MS', owned.message);
  const response = ids.show('R', owned.response);
  const one = ids.show('ES', owned.export);
  const relay = ids.show('RL', owned.relay);
  const page = addresses.respondents.link(shown.link);
  const at: [string, string] = [survey, mail];
  const draft: [string, string] = [survey, shown.draft];
  const links: [string, string] = [survey, shown.links];
  return {
    accounts: {
      home: ['GET'],
      signIn: ['GET POST'],
      signInByLink: ['GET POST', 'token'],
      askForLink: ['GET POST'],
      linkAsked: ['GET'],
      signOut: ['POST'],
      page: ['GET'],
      profile: ['POST'],
      zone: ['POST'],
      password: ['POST'],
      passwordOnPage: ['GET'],
      sessionEndings: ['POST'],
      tokens: ['POST'],
      tokensOnPage: ['GET'],
      tokenRevocation: ['POST', ids.show('TK', owned.token)],
      wayBackEnd: ['POST'],
    },
    brand: {
      settings: ['GET POST'],
      field: ['GET', 'postalAddress'],
      ready: ['GET'],
      audit: ['GET'],
      divisions: ['GET POST'],
      division: ['POST', shown.division],
      divisionRemoval: ['POST', shown.division],
      divisionField: ['GET', 'weeklyEmailLimit', shown.division],
    },
    people: {
      list: ['GET POST'],
      new: ['GET'],
      page: ['GET POST', person],
      field: ['GET', person, 'weeklyEmailLimit'],
      permissions: ['POST', person],
      signInLinks: ['POST', person],
      disabling: ['POST', person],
      enabling: ['POST', person],
    },
    contacts: {
      lists: ['GET'],
      listCreation: ['POST'],
      newList: ['GET'],
      list: ['GET', list],
      editList: ['GET POST', list],
      listRemoval: ['POST', list],
      listFile: ['GET', list],
      contactCreation: ['POST', list],
      newContact: ['GET', list],
      page: ['GET', contact],
      edit: ['GET POST', contact],
      removal: ['POST', contact],
      leavingOf: ['POST', contact, list],
      optOuts: ['POST', contact],
      optIns: ['POST', contact],
      mails: ['GET', contact],
      paste: ['GET POST'],
      uploads: ['POST', list],
      newImport: ['GET', list],
      import: ['GET', imported],
      importProgress: ['GET', imported],
      importReading: ['POST', imported],
      importPreview: ['POST', imported],
      importStart: ['POST', imported],
      importCancellation: ['POST', imported],
      importRejects: ['GET', imported],
      segments: ['GET POST'],
      newSegment: ['GET'],
      segmentPreview: ['POST'],
      segmentCondition: ['POST', 0],
      segment: ['GET', segment],
      editSegment: ['GET POST', segment],
      segmentRemoval: ['POST', segment],
    },
    frequency: {
      rules: ['GET POST'],
      new: ['GET'],
      followUps: ['POST'],
      rule: ['GET POST', rule],
      on: ['POST', rule],
      off: ['POST', rule],
      removal: ['POST', rule],
    },
    library: {
      list: ['GET'],
      new: ['GET'],
      creation: ['POST'],
      message: ['POST', shown.libraryMessage],
      edit: ['GET', shown.libraryMessage],
      copies: ['POST', shown.libraryMessage],
      removal: ['POST', shown.libraryMessage],
      sharing: ['GET POST', shown.libraryMessage],
      sharingEnd: ['POST', shown.libraryMessage, shown.sharer],
    },
    surveys: {
      list: ['GET'],
      new: ['GET POST'],
      import: ['GET POST', shown.upload],
      importReport: ['GET', shown.upload],
      importDiscard: ['POST', shown.upload],
      page: ['GET', survey],
      about: ['GET POST', survey],
      copy: ['POST', survey],
      removal: ['POST', survey],
      report: ['GET', survey],
      reportLines: ['GET', survey],
      publish: ['GET POST', survey],
      activate: ['POST', survey],
      pause: ['GET POST', survey],
      resume: ['POST', survey],
      availability: ['GET POST', survey],
      options: ['GET', survey],
      proofOption: ['POST', survey],
      botGuardOption: ['POST', survey],
      question: ['GET POST', survey, 'QID1'],
      editQuestion: ['GET', survey, 'QID1'],
      sharing: ['GET POST', survey],
      share: ['POST', survey, shown.sharer],
      shareRemoval: ['POST', survey, shown.sharer],
      picture: ['GET', shown.surveyPicture],
    },
    responses: {
      list: ['GET', survey],
      page: ['GET', survey, response],
      unmark: ['POST', survey, response],
      exports: ['POST', survey],
      export: ['GET', survey, one],
      exportFile: ['GET', survey, one],
    },
    distributions: {
      summary: ['GET', survey],
      figures: ['GET', survey],
      anonymous: ['GET', survey],
      sendTo: ['GET'],
    },
    mails: {
      list: ['GET POST', survey],
      viewChoice: ['POST', survey],
      new: ['GET', survey],
      checks: ['POST', survey],
      preview: ['POST', survey],
      autosave: ['POST', survey],
      library: ['GET', survey],
      pictures: ['POST', survey],
      detourToList: ['POST', survey],
      page: ['GET POST', ...at],
      now: ['GET', ...at],
      edit: ['GET', ...draft],
      listCreation: ['POST', ...draft],
      newList: ['GET', ...draft],
      review: ['GET', ...draft],
      counting: ['GET', ...draft],
      send: ['POST', ...draft],
      sent: ['GET', ...at],
      sentHtml: ['GET', ...at],
      history: ['GET', ...at],
      copies: ['POST', ...at],
      reminder: ['GET', ...at],
      thankYou: ['GET', ...at],
      pause: ['POST', ...at],
      resume: ['POST', ...at],
      cancel: ['POST', ...at],
      reopen: ['POST', ...at],
      removal: ['POST', ...at],
      late: ['POST', ...at],
      retry: ['POST', ...at],
      resend: ['POST', ...at],
      waves: ['POST', ...at],
      hasten: ['POST', ...at],
      linkChange: ['POST', ...at, 'extend'],
      message: ['GET', ...at, message],
      messageResend: ['POST', ...at, message],
      messageStop: ['POST', ...at, message],
      messageLinkChange: ['POST', ...at, message, 'revoke'],
    },
    personalLinks: {
      list: ['GET POST', survey],
      new: ['GET', survey],
      page: ['GET', ...links],
      now: ['GET', ...links],
      file: ['GET', ...links],
      removal: ['POST', ...links],
      change: ['POST', ...links, 'extend'],
      changeOfOne: ['POST', ...links, shown.linkedMessage, 'reissue'],
    },
    mailer: {
      domains: ['GET'],
      newDomain: ['GET'],
      domainCreation: ['POST'],
      domain: ['GET', owned.domain],
      domainState: ['GET', owned.domain],
      domainChecks: ['POST', owned.domain],
      domainKeys: ['POST', owned.domain],
      bounceDomain: ['POST', owned.domain],
      domainRemoval: ['POST', owned.domain],
      relays: ['GET POST'],
      newRelay: ['GET'],
      relay: ['GET POST', relay],
      relayChecks: ['POST', relay],
      relayTestMails: ['POST', relay],
      relayPromotion: ['POST', relay],
      relayRest: ['POST', relay],
      relayService: ['POST', relay],
      relayDeletion: ['POST', relay],
      mailbox: ['GET'],
      mailboxArrivals: ['GET'],
      mailboxEmptyings: ['POST'],
      mailboxMail: ['GET', owned.mail],
      mailboxMailHtml: ['GET', owned.mail],
    },
    live: {
      survey: ['GET', survey],
      distributions: ['GET', survey],
      distribution: ['GET', mail],
      import: ['GET', imported],
      export: ['GET', one],
      domain: ['GET', owned.domain],
    },
    deliverability: {
      page: ['GET'],
      warmUps: ['GET POST'],
      suppressions: ['GET POST'],
      suppressionsFile: ['GET'],
      suppressionImports: ['POST'],
      suppressionReleases: ['POST'],
      returned: ['GET'],
      forwarding: ['POST'],
      returnedMail: ['GET', shown.returned],
      returnedSource: ['GET', shown.returned],
    },
    notices: {
      list: ['GET'],
      bell: ['GET'],
      readings: ['POST'],
      reading: ['POST', ids.show('NT', owned.notice)],
      settings: ['GET POST'],
    },
    respondents: {
      link: ['GET POST', shown.link],
      anonymous: ['GET POST', survey],
      preview: ['GET POST', ids.token('preview', owned.survey)],
      end: ['GET', page, shown.ticket],
      code: ['GET POST', page],
      proof: ['GET POST', page],
      optOut: ['GET POST', ids.token('opt-out', owned.message)],
      opening: ['GET', ids.token('open', ids.readToken('link', shown.link)!)],
      picture: ['GET', shown.mailPicture],
    },
  };
}
