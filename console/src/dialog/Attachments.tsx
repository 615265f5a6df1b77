import type { MouseEvent } from 'react';
import { useIntl } from 'react-intl';
import { Icon } from '../icon/Icon';
import { useText } from '../language/language';
import styles from './Attachments.module.css';
import { fitted, isPicture, shownSize } from './attachment';
import type { Entry } from './rows';
import { useFreshLink } from './useFreshLink';

export type Attachment = Entry['attachments'][number];

interface Props {
  files: readonly Attachment[];
  view: (fileId: string) => void;
}

/** The files of an entry: pictures as such, all others by name and size. */
export function Attachments({ files, view }: Props) {
  return (
    <ul className={styles.files}>
      {files.map((file) => (
        <li key={file.id}>
          <File file={file} view={view} />
        </li>
      ))}
    </ul>
  );
}

function File({ file, view }: { file: Attachment; view: Props['view'] }) {
  const text = useText();
  const intl = useIntl();
  const refresh = useFreshLink(file);
  const { url } = file;
  if (url === null) {
    const isRefused = file.state === 'REFUSED';
    return (
      <span className={styles.file} data-state={file.state}>
        <Icon name={isRefused ? 'warning' : 'clock'} size={16} />
        <bdi className={styles.name}>{file.name}</bdi>
        <span className={styles.size}>
          {text(isRefused ? 'dialog.fileRefused' : 'dialog.filePending')}
        </span>
      </span>
    );
  }
  // A page of its own: what a file is, its sender decides.
  const link = { target: '_blank', rel: 'noreferrer noopener' };
  if (isPicture(file)) {
    const open = (event: MouseEvent) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      view(file.id);
    };
    return (
      <a href={url} {...link} className={styles.picture} title={file.name} onClick={open}>
        <img
          src={file.thumbnailUrl}
          alt={file.name}
          loading="lazy"
          onError={refresh}
          {...fitted(file.width, file.height)}
        />
      </a>
    );
  }
  return (
    <a href={url} {...link} className={styles.file}>
      <Icon name="file" size={16} />
      <bdi className={styles.name}>{file.name}</bdi>
      <span className={styles.size}>{shownSize(intl, file.size)}</span>
    </a>
  );
}
