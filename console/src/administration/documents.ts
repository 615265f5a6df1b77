import { graphql } from '../generated';

/** All live chats and apps of the company. */
export const COMPANY = graphql(`
  query Company {
    administration {
      liveChats(first: 100) {
        nodes {
          id
          name
        }
        pageInfo {
          hasNextPage
        }
      }
      apps {
        id
        name
        kind
      }
    }
  }
`);

/** All settings of a live chat. */
export const LIVE_CHAT = graphql(`
  query AdministeredLiveChat($id: ID!) {
    node(id: $id) {
      id
      ... on LiveChat {
        name
        sessionNameTemplate
        origins
        members {
          employee {
            id
            name
          }
          roles
        }
        channels {
          id
          kind
          name
          isEnabled
          canReply
          address
          inboundPath
          problem {
            code
            message
            since
          }
        }
        apps {
          id
        }
        templates(first: 100) {
          nodes {
            id
            title
            text
          }
          pageInfo {
            hasNextPage
          }
        }
      }
    }
  }
`);

export const EMPLOYEES = graphql(`
  query Employees($query: String!) {
    administration {
      employees(query: $query, first: 10) {
        nodes {
          id
          name
        }
      }
    }
  }
`);

export const CREATE_LIVE_CHAT = graphql(`
  mutation CreateLiveChat($name: String!, $key: String) {
    createLiveChat(name: $name, idempotencyKey: $key) {
      liveChat {
        id
        name
      }
      userErrors {
        code
        message
        field
      }
    }
  }
`);

export const RENAME_LIVE_CHAT = graphql(`
  mutation RenameLiveChat($liveChatId: ID!, $name: String!) {
    renameLiveChat(liveChatId: $liveChatId, name: $name) {
      liveChat {
        id
        name
      }
      userErrors {
        code
        message
        field
      }
    }
  }
`);

export const SET_NAME_TEMPLATE = graphql(`
  mutation SetSessionNameTemplate($liveChatId: ID!, $template: String!) {
    setSessionNameTemplate(liveChatId: $liveChatId, template: $template) {
      liveChat {
        id
        sessionNameTemplate
      }
      userErrors {
        code
        message
        field
      }
    }
  }
`);

export const SET_MEMBER = graphql(`
  mutation SetMember($liveChatId: ID!, $employeeId: ID!, $roles: [Role!]!) {
    setMember(liveChatId: $liveChatId, employeeId: $employeeId, roles: $roles) {
      liveChat {
        id
        members {
          employee {
            id
            name
          }
          roles
        }
      }
      userErrors {
        code
        message
        field
      }
    }
  }
`);

export const CREATE_CHANNEL = graphql(`
  mutation CreateChannel(
    $liveChatId: ID!
    $kind: ChannelKind!
    $name: String!
    $settings: ChannelSettingsInput
    $key: String
  ) {
    createChannel(
      liveChatId: $liveChatId
      kind: $kind
      name: $name
      settings: $settings
      idempotencyKey: $key
    ) {
      channel {
        id
        inboundPath
      }
      secret
      userErrors {
        code
        message
        field
      }
    }
  }
`);

export const UPDATE_CHANNEL = graphql(`
  mutation UpdateChannel(
    $channelId: ID!
    $name: String
    $isEnabled: Boolean
    $settings: ChannelSettingsInput
  ) {
    updateChannel(channelId: $channelId, name: $name, isEnabled: $isEnabled, settings: $settings) {
      channel {
        id
        name
        isEnabled
        canReply
        address
        problem {
          code
          message
          since
        }
      }
      userErrors {
        code
        message
        field
      }
    }
  }
`);

export const ROTATE_SECRET = graphql(`
  mutation RotateChannelSecret($channelId: ID!) {
    rotateChannelSecret(channelId: $channelId) {
      secret
      userErrors {
        code
        message
        field
      }
    }
  }
`);

export const SET_ORIGINS = graphql(`
  mutation SetLiveChatOrigins($liveChatId: ID!, $origins: [String!]!) {
    setLiveChatOrigins(liveChatId: $liveChatId, origins: $origins) {
      liveChat {
        id
        origins
      }
      userErrors {
        code
        message
        field
      }
    }
  }
`);

export const CREATE_APP = graphql(`
  mutation CreateApp($name: String!, $kind: AppKind!, $key: String) {
    createApp(name: $name, kind: $kind, idempotencyKey: $key) {
      app {
        id
      }
      userErrors {
        code
        message
        field
      }
    }
  }
`);

export const RENAME_APP = graphql(`
  mutation RenameApp($appId: ID!, $name: String!) {
    renameApp(appId: $appId, name: $name) {
      app {
        id
        name
      }
      userErrors {
        code
        message
        field
      }
    }
  }
`);

export const SET_APPS = graphql(`
  mutation SetLiveChatApps($liveChatId: ID!, $appIds: [ID!]!) {
    setLiveChatApps(liveChatId: $liveChatId, appIds: $appIds) {
      liveChat {
        id
        apps {
          id
        }
      }
      userErrors {
        code
        message
        field
      }
    }
  }
`);

export const CREATE_TEMPLATE = graphql(`
  mutation CreateTemplate($liveChatId: ID!, $title: String!, $text: String!, $key: String) {
    createTemplate(liveChatId: $liveChatId, title: $title, text: $text, idempotencyKey: $key) {
      template {
        id
      }
      userErrors {
        code
        message
        field
      }
    }
  }
`);

export const UPDATE_TEMPLATE = graphql(`
  mutation UpdateTemplate($templateId: ID!, $title: String!, $text: String!) {
    updateTemplate(templateId: $templateId, title: $title, text: $text) {
      template {
        id
        title
        text
      }
      userErrors {
        code
        message
        field
      }
    }
  }
`);

export const DELETE_TEMPLATE = graphql(`
  mutation DeleteTemplate($templateId: ID!) {
    deleteTemplate(templateId: $templateId) {
      deletedId
      userErrors {
        code
        message
        field
      }
    }
  }
`);
