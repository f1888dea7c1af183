const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/**
 * What this importer has met and decided about: taken over, reported by name, or without any meaning outside the editor
 * that wrote it. Whatever else a file holds is reported as not known.
 */
export const KNOWN = {
  question: words(`
    AdditionalQuestions AnalysisType AnalyzeChoices AnswerDataExportTag AnswerOrder AnswerRandomization Answers ChoiceDataExportTags ChoiceGroupOrder
    ChoiceGroups ChoiceOrder Choices ClarifyingSymbol ClarifyingSymbolType ColumnLabels Configuration DataExportTag
    DataVisibility DefaultChoices DisplayLogic DynamicAnswers DynamicChoices DynamicChoicesData GradingData Graphics
    GraphicsDescription Groups InPageDisplayLogic Labels Language NextAnswerId NextChoiceId NumberOfQuestions
    PayloadSurveyID Prefix QuestionDescription QuestionID QuestionJS QuestionText QuestionText_Unsafe QuestionType
    Randomization RecodeValues SearchSource Selector SubSelector Suffix Validation VariableNaming`),
  settings: words(`
    ChoiceTotal ContentType CustomValidation EnforceRange ExactChoices ForceResponse ForceResponseType MaxChars
    MaxChoices MinChars MinChoices TotalChars Type ValidDateType ValidNumber ValidPhoneType ValidZipType`),
  block: words('BlockElements Description ID Options SubType Type'),
  blockElement: words('QuestionID SkipLogic Type'),
  blockOptions: words(`
    BlockLocking BlockVisibility Looping LoopingOptions QuestionCount QuestionsPerPage Randomization RandomizeQuestions`),
  flow: words(`
    Autofill BranchLogic Caption Count Description EmbeddedData EndingType EvenPresentation Flow FlowID ID Options
    Properties SubSet Subset TotalRandSubset Type subSet`),
  field: words('AnalyzeText DataVisibility Description Field Type Value VariableType'),
} as const;

/** Elements that the flow report names by themselves, with whatever settings they have. */
export const REPORTED_WHOLE = words(
  'Authenticator Conjoint QuotaCheck ReferenceSurvey SupplementalData TableOfContents WebService',
);
