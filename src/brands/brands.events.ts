/** A weekly limit of a person, a division or the brand was changed: what is being sent may exceed it now. */
export class WeeklyLimitsChanged {
  constructor(readonly brandId: string) {}
}
