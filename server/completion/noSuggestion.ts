// Why nothing is suggested: a closed union, so that every silence has a name that a log, a bench and a user can read.

export const noSuggestionReasons = {
  off: 'completions are switched off',
  automaticOff: 'completions come on request only, by the settings',
  languageOff: 'this language is switched off or is not known',
  ignoredFile: 'the file is ignored by the settings, .gitignore or .graftignore',
  fileTooLarge: 'the file has more than a million characters',
  modelNotReady: 'the model is still loading, or there is none',
  modelFailed: 'the model stopped; it is being started again',
  superseded: 'a newer request took its place',
  cancelled: 'the editor no longer wants it',
  insideWord: 'the cursor stands inside a word',
  textAfterCursor: 'too much text follows the cursor on its line',
  widgetDisagrees: 'the model does not go on as the item of the suggest widget that is selected',
  blank: 'the model suggests to write nothing',
  tooShort: 'too few characters to be worth reading',
  repeatsSuffix: 'it only repeats what stands after the cursor',
  repeatsLines: 'it only repeats lines that stand before the cursor',
  repeatsTokens: 'the model repeats itself',
  leavesScope: 'it would leave the block that the cursor is in',
  unsure: 'the model is less sure than the confidence asked for',
} as const;

export type NoSuggestionReason = keyof typeof noSuggestionReasons;
