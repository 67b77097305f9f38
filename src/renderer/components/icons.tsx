import type { ReactNode } from 'react';

function Icon({ children }: { children: ReactNode }) {
  return (
    <svg
      width="16"
      height="16"
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.4"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {children}
    </svg>
  );
}

export const CloseIcon = () => (
  <Icon>
    <path d="m4 4 8 8m0-8-8 8" />
  </Icon>
);
export const AddIcon = () => (
  <Icon>
    <path d="M8 3v10M3 8h10" />
  </Icon>
);
export const PauseIcon = () => (
  <Icon>
    <path d="M5.5 3.5v9m5-9v9" />
  </Icon>
);
export const PlayIcon = () => (
  <Icon>
    <path d="M5 3.2v9.6L12.5 8z" />
  </Icon>
);
export const RetryIcon = () => (
  <Icon>
    <path d="M13 8a5 5 0 1 1-1.6-3.7M13 2.5v3h-3" />
  </Icon>
);
export const StripIcon = () => (
  <Icon>
    <rect x="2" y="2.5" width="12" height="11" rx="1.5" />
    <path d="M6 2.5v11" />
  </Icon>
);
export const RecipeIcon = () => (
  <Icon>
    <rect x="2" y="2.5" width="12" height="11" rx="1.5" />
    <path d="M10 2.5v11" />
  </Icon>
);
export const DashboardIcon = () => (
  <Icon>
    <path d="M2 12.5h12M4 10.5v-3m4 3v-7m4 7v-5" />
  </Icon>
);
export const HistoryIcon = () => (
  <Icon>
    <circle cx="8" cy="8" r="5.5" />
    <path d="M8 4.8V8l2.2 1.5" />
  </Icon>
);
export const SettingsIcon = () => (
  <Icon>
    <path d="M2.5 4.5h6m3 0h2m-11 7h2m3 0h6" />
    <circle cx="10" cy="4.5" r="1.5" />
    <circle cx="6" cy="11.5" r="1.5" />
  </Icon>
);
export const ExportIcon = () => (
  <Icon>
    <path d="M8 9.5v-7m0 0L5.3 5.2M8 2.5l2.7 2.7M3 9.5v3.2c0 .4.4.8.8.8h8.4c.4 0 .8-.4.8-.8V9.5" />
  </Icon>
);
export const DownloadIcon = () => (
  <Icon>
    <path d="M8 2.5v7m0 0L5.3 6.8M8 9.5l2.7-2.7M3 10.5v2.2c0 .4.4.8.8.8h8.4c.4 0 .8-.4.8-.8v-2.2" />
  </Icon>
);
export const FolderIcon = () => (
  <Icon>
    <path d="M2 4.3c0-.7.5-1.3 1.2-1.3h3l1.5 1.7h5.1c.7 0 1.2.5 1.2 1.2v5.8c0 .7-.5 1.3-1.2 1.3H3.2c-.7 0-1.2-.6-1.2-1.3z" />
  </Icon>
);
export const PictureIcon = () => (
  <Icon>
    <rect x="2" y="3" width="12" height="10" rx="1.2" />
    <path d="m2.5 11 3-3 2.5 2.5L10.5 8l3 3" />
    <circle cx="6" cy="6" r=".8" />
  </Icon>
);
export const CheckIcon = () => (
  <Icon>
    <path d="m3.5 8.5 3 3 6-7" />
  </Icon>
);
export const ChevronIcon = () => (
  <Icon>
    <path d="m4.5 6.5 3.5 3.5 3.5-3.5" />
  </Icon>
);
export const WarningIcon = () => (
  <Icon>
    <path d="M8 2.5 14 13H2zM8 6.5v3m0 1.8v.1" />
  </Icon>
);
export const MoreIcon = () => (
  <Icon>
    <path d="M3.5 8h.01M8 8h.01M12.5 8h.01" strokeWidth="2" />
  </Icon>
);
export const ClockIcon = () => (
  <Icon>
    <circle cx="8" cy="8" r="5.5" strokeDasharray="2 2.3" />
  </Icon>
);
export const WorkingIcon = () => (
  <Icon>
    <circle cx="8" cy="8" r="5.5" opacity=".35" />
    <path d="M8 2.5A5.5 5.5 0 0 1 13.5 8" />
  </Icon>
);
export const SkippedIcon = () => (
  <Icon>
    <circle cx="8" cy="8" r="5.5" />
    <path d="M5.5 8h5" />
  </Icon>
);
export const SliderIcon = () => (
  <Icon>
    <rect x="2" y="3" width="12" height="10" rx="1.2" />
    <path d="M8 1.5v13M5.8 6.5 4.3 8l1.5 1.5m4.4-3L11.7 8l-1.5 1.5" />
  </Icon>
);
export const SideBySideIcon = () => (
  <Icon>
    <rect x="1.8" y="3.5" width="5.4" height="9" rx="1" />
    <rect x="8.8" y="3.5" width="5.4" height="9" rx="1" />
  </Icon>
);
export const OriginalIcon = () => (
  <Icon>
    <path d="M1.8 8S4 3.8 8 3.8 14.2 8 14.2 8 12 12.2 8 12.2 1.8 8 1.8 8" />
    <circle cx="8" cy="8" r="1.9" />
  </Icon>
);
export const MinusIcon = () => (
  <Icon>
    <path d="M3.5 8h9" />
  </Icon>
);
export const FitIcon = () => (
  <Icon>
    <path d="M2.5 5.5v-2c0-.6.4-1 1-1h2m5 0h2c.6 0 1 .4 1 1v2m0 5v2c0 .6-.4 1-1 1h-2m-5 0h-2c-.6 0-1-.4-1-1v-2" />
    <rect x="5.2" y="5.8" width="5.6" height="4.4" rx=".6" />
  </Icon>
);
export const FullScreenIcon = () => (
  <Icon>
    <path d="M9.5 2.5h4v4m0-4L9 7m-2.5 6.5h-4v-4m0 4L7 9" />
  </Icon>
);
export const LeaveFullScreenIcon = () => (
  <Icon>
    <path d="M13.5 6.5h-4v-4m0 4L14 2M2.5 9.5h4v4m0-4L2 14" />
  </Icon>
);
export const KeptIcon = () => (
  <Icon>
    <path d="M8 1.8 13 3.6v4c0 3.2-2.1 5.4-5 6.6-2.9-1.2-5-3.4-5-6.6v-4zM5.8 7.9l1.6 1.6 2.9-3.2" />
  </Icon>
);
export const LeftIcon = () => (
  <Icon>
    <path d="M10 3.5 5.5 8l4.5 4.5" />
  </Icon>
);
export const RightIcon = () => (
  <Icon>
    <path d="M6 3.5 10.5 8 6 12.5" />
  </Icon>
);
export const FirstIcon = () => (
  <Icon>
    <path d="M8 13V5.5m0 0L5 8.5m3-3 3 3M3.5 2.8h9" />
  </Icon>
);
export const RemoveIcon = () => (
  <Icon>
    <path d="M3 4.5h10M6.5 4.5v-2h3v2M4.5 4.5l.6 9h5.8l.6-9" />
  </Icon>
);
export const EditIcon = () => (
  <Icon>
    <path d="m3 13 .6-2.8 7-7c.5-.5 1.3-.5 1.8 0l.4.4c.5.5.5 1.3 0 1.8l-7 7zM9.5 4.3l2.2 2.2" />
  </Icon>
);
export const ModelIcon = () => (
  <Icon>
    <path d="M8 1.8 13.4 5v6L8 14.2 2.6 11V5zM2.6 5 8 8.2 13.4 5M8 8.2v6" />
  </Icon>
);
