/** A sign-in that failed for a reason which its message tells to the person at the terminal. */
export class SignInError extends Error {
  override readonly name = 'SignInError';
}
