/** Drawn on a field of 16 by 16; every shape can be told from every other without its colour. */
const shapes = {
  check: <path d="M3 8.5l3.2 3.200L13 4.8" />,
  unequal: <path d="M3 6h10M3 10h10M10.5 3l-5 10" />,
  question: <path d="M5.5 6a2.5 2.5 0 1 1 3.6 2.200c-.8.4-1.1.9-1.1 1.600M8 12.400v.1" />,
  heart: <path d="M8 13.200S2.5 9.9 2.5 6.200A2.9 2.9 0 0 1 8 5a2.9 2.9 0 0 1 5.5 1.200c0 3.7-5.5 7-5.5 7z" />,
  turning: <path d="M13 8a5 5 0 1 1-1.7-3.800M13 2.500v3h-3" />,
  cross: <path d="M4 4l8 8M12 4l-8 8" />,
  pause: <path d="M5.5 3.500v9M10.5 3.500v9" />,
  hole: <circle cx="8" cy="8" r="5.3" strokeDasharray="2.6 2.2" />,
  signal: <path d="M3 13v-2M6.3 13V8.500M9.6 13V6M13 13V3" />,
  noSignal: <path d="M3 13v-2M6.3 13v-3M13 13V9M3 3l10 10M13 6V3" />,
  sun: (
    <path d="M8 5.200a2.8 2.8 0 1 1 0 5.600A2.8 2.8 0 0 1 8 5.200zM8 1.500v.4M8 14.100v.4M1.500 8h.4M14.100 8h.4M3.400 3.400l.3.3M12.300 12.300l.3.3M12.600 3.400l-.3.3M3.700 12.300l-.3.3" />
  ),
  moon: <path d="M13 9.600A5.6 5.6 0 1 1 6.400 3a4.500 4.500 0 0 0 6.600 6.600z" />,
  halfMoon: <path d="M8 2.500a5.500 5.500 0 1 1 0 11zM8 2.500v11a5.500 5.500 0 0 1 0-11z" />,
  alert: <path d="M8 2.800l5.800 10.400H2.200zM8 6.700v2.900M8 11.500v.1" />,
  arrow: <path d="M3 8h10M9 4l4 4-4 4" />,
  over: <path d="M3.500 4l5.500 4-5.500 4zM12.500 4v8" />,
  merge: <path d="M5 3v10M5 5.500c0 4 6.500 2 6.500 7.500" />,
  clock: <path d="M8 2.700a5.3 5.3 0 1 1 0 10.600A5.3 5.3 0 0 1 8 2.700zM8 5v3.200l2 1.5" />,
};

export type IconName = keyof typeof shapes;

/** An icon beside a word; alone it says nothing to a screen reader. */
export function StatusIcon({ name, size = 14 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.9"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {shapes[name]}
    </svg>
  );
}
