import { DirectionProvider, useDirection } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { useEffect, type ReactNode } from 'react';
import { IntlProvider } from 'react-intl';
import { catalogue, languages } from './catalogue';
import { LanguageContext } from './language';
import { preferred } from './preferred';

/** Shows the page in the language that was chosen, or that the browser prefers. */
export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useLocalStorage({
    key: 'chatdesk.language',
    defaultValue: preferred(navigator.languages),
    getInitialValueInEffect: false,
    deserialize: (text) => preferred([text ?? '', ...navigator.languages]),
    serialize: (value) => value,
  });
  return (
    <LanguageContext value={{ language, setLanguage }}>
      <DirectionProvider>
        <IntlProvider locale={language} messages={catalogue[language]}>
          <Document language={language}>{children}</Document>
        </IntlProvider>
      </DirectionProvider>
    </LanguageContext>
  );
}

function Document({
  language,
  children,
}: {
  language: keyof typeof languages;
  children: ReactNode;
}) {
  const { setDirection } = useDirection();
  useEffect(() => {
    document.documentElement.lang = language;
    setDirection(languages[language].direction);
  }, [language, setDirection]);
  return children;
}
