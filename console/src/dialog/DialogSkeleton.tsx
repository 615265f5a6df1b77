import { Skeleton, Stack } from '@mantine/core';
import { useText } from '../language/language';

const LINES = [
  { width: '45%', mine: false },
  { width: '30%', mine: false },
  { width: '50%', mine: true },
  { width: '35%', mine: false },
  { width: '40%', mine: true },
];

/** A dialog that is being read. */
export function DialogSkeleton() {
  const text = useText();
  return (
    <Stack h="100%" gap={0} aria-busy aria-label={text('dialog.loading')}>
      <Stack p="md" gap={6}>
        <Skeleton h={20} w="35%" />
        <Skeleton h={12} w="20%" />
      </Stack>
      <Stack flex={1} px="md" justify="flex-end" style={{ overflow: 'hidden' }}>
        {LINES.map(({ width, mine }, line) => (
          <Skeleton key={line} h={44} w={width} radius="lg" {...(mine && { ms: 'auto' })} />
        ))}
      </Stack>
      <Skeleton h={72} m="md" w="auto" />
    </Stack>
  );
}
