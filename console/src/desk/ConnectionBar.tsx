import { Text } from '@mantine/core';
import { useConnection } from '../app/service';
import { useText } from '../language/language';

/** Says that the page does not hear of anything at the moment. */
export function ConnectionBar() {
  const text = useText();
  const lost = useConnection() === 'lost';
  return (
    <div role="status">
      {lost && (
        <Text size="sm" ta="center" py={4} bg="yellow.4" c="black">
          {text('desk.lost')}
        </Text>
      )}
    </div>
  );
}
