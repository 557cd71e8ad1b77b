/** The line above the composer about devices that cannot read. */
export const LEFT_OUT_WORDS = {
	verify: 'Verify',
	details: 'Details',
};
