/** A column about the response itself: its export tag, what stands in the second row, and its import id. */
export interface AboutColumn {
  tag: string;
  text: string;
  importId: string;
}

const column = (tag: string, text: string, importId: string): AboutColumn => ({ tag, text, importId });

/** The columns that stand before the answers, in the order that readers of such files expect. Their names are never given away. */
export const ABOUT_COLUMNS: readonly AboutColumn[] = [
  column('StartDate', 'Start Date', 'startDate'),
  column('EndDate', 'End Date', 'endDate'),
  column('Status', 'Response Type', 'status'),
  column('IPAddress', 'IP Address', 'ipAddress'),
  column('Progress', 'Progress', 'progress'),
  column('Duration (in seconds)', 'Duration (in seconds)', 'duration'),
  column('Finished', 'Finished', 'finished'),
  column('RecordedDate', 'Recorded Date', 'recordedDate'),
  column('ResponseId', 'Response ID', '_recordId'),
  column('RecipientLastName', 'Recipient Last Name', 'recipientLastName'),
  column('RecipientFirstName', 'Recipient First Name', 'recipientFirstName'),
  column('RecipientEmail', 'Recipient Email', 'recipientEmail'),
  column('ExternalReference', 'External Data Reference', 'externalDataReference'),
  column('LocationLatitude', 'Location Latitude', 'locationLatitude'),
  column('LocationLongitude', 'Location Longitude', 'locationLongitude'),
  column('DistributionChannel', 'Distribution Channel', 'distributionChannel'),
  column('UserLanguage', 'User Language', 'userLanguage'),
];
