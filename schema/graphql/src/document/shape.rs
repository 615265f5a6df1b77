//! The shapes of a schema's types, on which an introspection query is counted.

use std::collections::HashMap;

use async_graphql::Positioned;
use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{
    BaseType, FieldDefinition, InputValueDefinition, Type, TypeDefinition, TypeKind,
    TypeSystemDefinition,
};

/// The types of introspection, which a schema in its own language leaves out.
const OWN: &str = "
type __Schema { description: String types: [__Type!]! queryType: __Type! mutationType: __Type
  subscriptionType: __Type directives: [__Directive!]! }
type __Type { kind: __TypeKind! name: String description: String specifiedByURL: String
  fields(includeDeprecated: Boolean): [__Field!] interfaces: [__Type!] possibleTypes: [__Type!]
  enumValues(includeDeprecated: Boolean): [__EnumValue!]
  inputFields(includeDeprecated: Boolean): [__InputValue!] ofType: __Type isOneOf: Boolean }
type __Field { name: String! description: String args(includeDeprecated: Boolean): [__InputValue!]!
  type: __Type! isDeprecated: Boolean! deprecationReason: String }
type __InputValue { name: String! description: String type: __Type! defaultValue: String
  isDeprecated: Boolean! deprecationReason: String }
type __EnumValue { name: String! description: String isDeprecated: Boolean! deprecationReason: String }
enum __TypeKind { SCALAR OBJECT INTERFACE UNION ENUM INPUT_OBJECT LIST NON_NULL }
type __Directive { name: String! description: String locations: [__DirectiveLocation!]!
  args(includeDeprecated: Boolean): [__InputValue!]! isRepeatable: Boolean! }
enum __DirectiveLocation { QUERY MUTATION SUBSCRIPTION FIELD }
scalar Int scalar Float scalar String scalar Boolean scalar ID
";

/// The part of a schema that introspection can return, without names and texts.
#[derive(Debug, Default)]
pub(crate) struct Shapes {
    pub(super) types: Vec<Shape>,
    named: HashMap<String, usize>,
    /// The arguments of each directive.
    pub(super) directives: Vec<Vec<TypeRef>>,
}

/// The shape of a type. It holds the places of other types.
#[derive(Debug, Default)]
pub(super) struct Shape {
    pub(super) fields: Vec<FieldShape>,
    pub(super) inputs: Vec<TypeRef>,
    pub(super) interfaces: Vec<usize>,
    pub(super) possible: Vec<usize>,
    pub(super) enum_values: usize,
}

/// The shape of a field.
#[derive(Debug)]
pub(super) struct FieldShape {
    pub(super) arguments: Vec<TypeRef>,
    pub(super) of: TypeRef,
}

/// The type of a field: the number of lists and non-null marks around the named type.
#[derive(Clone, Copy, Debug)]
pub(super) struct TypeRef {
    pub(super) named: usize,
    pub(super) wraps: usize,
}

impl Shapes {
    /// Returns the shapes of a schema in its own language. Returns none where it cannot be read, so
    /// that introspection finds nothing there.
    pub(crate) fn of(sdl: &str) -> Self {
        let documents: Vec<_> =
            [OWN, sdl].into_iter().filter_map(|sdl| parse_schema(sdl).ok()).collect();
        let definitions = || documents.iter().flat_map(|document| &document.definitions);
        let types = || {
            definitions().filter_map(|definition| match definition {
                TypeSystemDefinition::Type(definition) => Some(&definition.node),
                _ => None,
            })
        };
        let mut shapes = Self::default();
        for (at, definition) in types().enumerate() {
            shapes.named.insert(definition.name.node.to_string(), at);
        }
        shapes.types = types().map(|definition| shapes.shape(definition)).collect();
        for (at, definition) in types().enumerate() {
            for interface in shapes.interfaces(definition) {
                if let Some(shape) = shapes.types.get_mut(interface) {
                    shape.possible.push(at);
                }
            }
        }
        shapes.directives = definitions()
            .filter_map(|definition| match definition {
                TypeSystemDefinition::Directive(definition) => Some(&definition.node.arguments),
                _ => None,
            })
            .map(|arguments| shapes.inputs(arguments))
            .collect();
        shapes
    }

    fn shape(&self, definition: &TypeDefinition) -> Shape {
        let interfaces = self.interfaces(definition);
        match &definition.kind {
            TypeKind::Scalar => Shape::default(),
            TypeKind::Object(object) => {
                Shape { fields: self.fields(&object.fields), interfaces, ..Shape::default() }
            }
            TypeKind::Interface(interface) => {
                Shape { fields: self.fields(&interface.fields), interfaces, ..Shape::default() }
            }
            TypeKind::Union(union) => {
                let members = union.members.iter();
                let possible = members.filter_map(|name| self.find(&name.node)).collect();
                Shape { possible, ..Shape::default() }
            }
            TypeKind::Enum(values) => {
                Shape { enum_values: values.values.len(), ..Shape::default() }
            }
            TypeKind::InputObject(input) => {
                Shape { inputs: self.inputs(&input.fields), ..Shape::default() }
            }
        }
    }

    fn interfaces(&self, definition: &TypeDefinition) -> Vec<usize> {
        let names = match &definition.kind {
            TypeKind::Object(object) => &object.implements,
            TypeKind::Interface(interface) => &interface.implements,
            _ => return Vec::new(),
        };
        names.iter().filter_map(|name| self.find(&name.node)).collect()
    }

    fn fields(&self, fields: &[Positioned<FieldDefinition>]) -> Vec<FieldShape> {
        let shape = |field: &FieldDefinition| FieldShape {
            arguments: self.inputs(&field.arguments),
            of: self.reference(&field.ty.node),
        };
        fields.iter().map(|field| shape(&field.node)).collect()
    }

    fn inputs(&self, inputs: &[Positioned<InputValueDefinition>]) -> Vec<TypeRef> {
        inputs.iter().map(|input| self.reference(&input.node.ty.node)).collect()
    }

    fn reference(&self, mut of: &Type) -> TypeRef {
        let mut wraps = 0;
        loop {
            wraps += usize::from(!of.nullable);
            match &of.base {
                BaseType::List(inner) => {
                    wraps += 1;
                    of = inner;
                }
                // One that is not there has nothing in it.
                BaseType::Named(name) => {
                    return TypeRef { named: self.find(name).unwrap_or(usize::MAX), wraps };
                }
            }
        }
    }

    /// Returns the place of a type among the types.
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        self.named.get(name).copied()
    }
}
