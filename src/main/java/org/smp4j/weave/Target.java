package org.smp4j.weave;

import java.lang.classfile.MethodModel;

/**
 * The method whose code is edited.
 *
 * @param owner the binary name of its class
 * @param method its name
 * @param descriptor its descriptor, or null if the name is unambiguous
 * @param lambdas whether to edit the lambdas in the method, in source order, instead of the method itself
 */
record Target(String owner, String method, String descriptor, boolean lambdas) {
    Target withDescriptor(String value) {
        return new Target(owner, method, value, lambdas);
    }

    boolean matches(MethodModel candidate) {
        String name = candidate.methodName().stringValue();
        boolean named = lambdas ? isLambdaOf(name) : name.equals(method);
        return named && candidate.code().isPresent()
                && (descriptor == null || candidate.methodType().equalsString(descriptor));
    }

    /** The compiler's name: lambda$METHOD$NUMBER, with words of its own for constructors and static initializers. */
    private boolean isLambdaOf(String name) {
        String around = method.equals("<init>") ? "new" : method.equals("<clinit>") ? "static" : method;
        int number = name.lastIndexOf('$') + 1;
        return name.startsWith("lambda$") && number == "lambda$".length() + around.length() + 1
                && name.startsWith(around, "lambda$".length());
    }

    /** A lambda's position among those of its method; 0 for a method. */
    int order(MethodModel candidate) {
        String name = candidate.methodName().stringValue();
        return lambdas ? Integer.parseInt(name.substring(name.lastIndexOf('$') + 1)) : 0;
    }

    @Override
    public String toString() {
        return (lambdas ? "the lambdas of " : "") + owner + "." + method + (descriptor == null ? "" : descriptor);
    }
}
