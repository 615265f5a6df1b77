import { useIntl } from 'react-intl';
import { Icon } from '../icon/Icon';
import { useText } from '../language/language';
import styles from './Attachments.module.css';
import { fitted, shownSize } from './attachment';
import type { Entry } from './rows';

type Attachment = Entry['attachments'][number];

/** The files of an entry: pictures as such, all others by name and size. */
export function Attachments({ files }: { files: readonly Attachment[] }) {
  return (
    <ul className={styles.files}>
      {files.map((file) => (
        <li key={file.id}>
          <File file={file} />
        </li>
      ))}
    </ul>
  );
}

function File({ file }: { file: Attachment }) {
  const text = useText();
  const intl = useIntl();
  const { url, thumbnailUrl, width, height } = file;
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
  const link = { href: url, target: '_blank', rel: 'noreferrer noopener' };
  if (thumbnailUrl !== null && width !== null && height !== null) {
    return (
      <a {...link} className={styles.picture} title={file.name}>
        <img src={thumbnailUrl} alt={file.name} loading="lazy" {...fitted(width, height)} />
      </a>
    );
  }
  return (
    <a {...link} className={styles.file}>
      <Icon name="file" size={16} />
      <bdi className={styles.name}>{file.name}</bdi>
      <span className={styles.size}>{shownSize(intl, file.size)}</span>
    </a>
  );
}
