export class UserSignedIn {
  constructor(
    readonly brandId: string,
    readonly userId: string,
    readonly address: string,
  ) {}
}
