import { useEffect, useState } from 'react';
import { PictureIcon } from './icons.tsx';
import styles from './Thumbnail.module.css';

interface ThumbnailProps {
  /** Absent where there is nothing to be shown. */
  address: string | undefined;
  className: string;
}

/** A small picture, without words: what it is of stands beside it. When its address changes, the old one stays until the new one is there. */
export function Thumbnail({ address, className }: ThumbnailProps) {
  const [shown, setShown] = useState(address);
  const [failed, setFailed] = useState<string>();
  useEffect(() => {
    if (address === shown) return;
    if (address === undefined || shown === undefined) {
      setShown(address);
      return;
    }
    const next = new Image();
    let wanted = true;
    next.src = address;
    next.decode().then(
      () => wanted && setShown(address),
      () => wanted && setFailed(address),
    );
    return () => {
      wanted = false;
    };
  }, [address, shown]);
  return (
    <span className={`${styles.frame} ${className}`}>
      {shown === undefined || failed === shown ? (
        <PictureIcon />
      ) : (
        <img
          src={shown}
          alt=""
          loading="lazy"
          decoding="async"
          draggable={false}
          className={styles.picture}
          onError={() => setFailed(shown)}
        />
      )}
    </span>
  );
}
