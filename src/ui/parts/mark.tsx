/** Balcony's mark: a speech bubble with a railing. */
export function Mark(props: { size?: number }) {
	return (
		<svg
			class="mark"
			viewBox="0 0 64 64"
			width={props.size ?? 32}
			height={props.size ?? 32}
			aria-hidden="true"
		>
			<path
				fill="var(--accent)"
				d="M16 6h32a12 12 0 0 1 12 12v24a12 12 0 0 1-12 12H28l-12 8V54A12 12 0 0 1 4 42V18A12 12 0 0 1 16 6Z"
			/>
			<path
				fill="none"
				stroke="var(--accent-ink)"
				stroke-width="4"
				stroke-linecap="round"
				d="M14 26h36M14 44h36M20 26v18M28 26v18M36 26v18M44 26v18"
			/>
		</svg>
	);
}
