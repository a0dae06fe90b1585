-- The document of an invoice stays as it was issued: its PDF is set once and never again.
CREATE OR REPLACE FUNCTION sales_keep_invoice_document() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND NOT EXISTS (SELECT FROM sales_invoice WHERE id = OLD.invoice_id) THEN
    RETURN OLD;
  END IF;
  IF TG_OP = 'UPDATE' AND OLD.pdf = '' AND NEW.sha256 = encode(sha256(NEW.pdf), 'hex')
     AND (OLD.invoice_id, OLD.at, OLD.contents, OLD.logo)
       IS NOT DISTINCT FROM (NEW.invoice_id, NEW.at, NEW.contents, NEW.logo) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'The document of an invoice stays as it was issued.'
    USING ERRCODE = 'check_violation';
END $$;

CREATE OR REPLACE TRIGGER invoice_document_kept BEFORE UPDATE OR DELETE ON sales_invoicedocument
  FOR EACH ROW EXECUTE FUNCTION sales_keep_invoice_document();
