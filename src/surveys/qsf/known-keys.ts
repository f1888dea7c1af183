const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/**
 * What this importer has met and decided about: taken over, reported by name, or without any meaning outside the editor
 * that wrote it. Whatever else a file holds is reported as not known.
 */
export const KNOWN = {
  element: words('BL BR FL LBLK NT OCAC PL PROJ QC QG QGO QO RS SCO SO SQ STAT SURL TR'),
  configuration: words(`
    Autoscale AutoConfirmDisplayLogic AutoAdvance AutoStopTimer CSSliderMax CSSliderMin ChoiceColumnWidth
    ChoiceColumnWidthPixels ColumnWidth CustomStart GridLines InputHeight InputWidth LabelPosition LabelWidth
    MaxSeconds MinSeconds MobileFirst NotApplicable NotApplicableText NumColumns NumDecimals PositionBottom
    QuestionDescriptionOption RepeatHeaders ScaleType ShowValue SliderStartPositions SnapToGrid Stack
    StackItemsInGroups StarCount StarType TextPosition VariableCount WhiteSpace`),
  choice: words(`
    AnswerType Description Display DisplayLogic ExclusiveAnswer Image InputHeight InputWidth RecodeValue TextEntry
    TextEntryForceResponse TextEntryLength TextEntrySize TextEntryValidation`),
  options: words(`
    ActiveResponseSet AnonymizeResponse AutoAdvance AutoAdvancePages AutoConfirmStart AutoFocus AvailableLanguages
    BackButton BallotBoxStuffing BallotBoxStuffingPrevention BallotBoxStuffingPreventionBehavior
    BallotBoxStuffingPreventionMessage BallotBoxStuffingPreventionMessageLibrary BallotBoxStuffingPreventionURL
    CollectGeoLocation CustomCSS CustomStyles EOSMessage EOSMessageLibrary EOSRedirectURL EmailThankYou ExternalCSS
    Footer Header HighlightQuestions InactiveMessage InactiveMessageLibrary InactiveSurvey NewScoring NextButton NoIndex
    PageTransition PartialData PartialDataCloseAfter PartialDeletion Password PasswordProtection PreferJFE
    PreviousButton ProgressBarDisplay ProtectSelectionIds QuestionsPerPage RecaptchaV3 RefererCheck RefererURL
    RelevantID RelevantIDLockoutPeriod ResponseSummary SaveAndContinue SaveandContinue SecureResponseFiles
    ShowExportTags Skin SkinLibrary SkinQuestionWidth SkinType SpellChecked SurveyCreationDate SurveyExpiration
    SurveyLanguage SurveyMetaDescription SurveyMetaImage SurveyName SurveyProtection SurveyStartDate SurveyTermination
    SurveyTitle ThankYouEmailMessage ThankYouEmailMessageLibrary UseCustomSurveyLinkCompletedMessage ValidateMessage
    ValidationMessage ValidationMessageLibrary EOSRedirectURLParams footerMid headerMid libraryId nextButtonLibraryId
    nextButtonMid oldSystemID previousButtonLibraryId previousButtonMid`),
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
    Properties SubSet Subset Type subSet`),
  field: words('AnalyzeText DataVisibility Description Field Type Value VariableType'),
} as const;

/** Elements that the flow report names by themselves, with whatever settings they have. */
export const REPORTED_WHOLE = words(
  'Authenticator Conjoint QuotaCheck ReferenceSurvey SupplementalData TableOfContents WebService',
);
