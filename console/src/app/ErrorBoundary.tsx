import { Alert, Button, Center } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import { useText } from '../language/language';

/** Stands in for a page that failed to render. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    return this.state.failed ? <Broken /> : this.props.children;
  }
}

function Broken() {
  const text = useText();
  return (
    <Center h="100%">
      <Alert color="red" title={text('app.broken')}>
        <Button
          variant="default"
          onClick={() => {
            window.location.reload();
          }}
        >
          {text('app.reload')}
        </Button>
      </Alert>
    </Center>
  );
}
