/** A reaction to an encrypted message, before somebody was told that the servers can see it, and agreed. */
export class ReactionsNotAllowed extends Error {
	override readonly name = 'ReactionsNotAllowed';
}
